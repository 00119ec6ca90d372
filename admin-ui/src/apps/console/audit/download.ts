/** Has the browser save something. */
export function download(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken hold of it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** A text, byte for byte. */
export function downloadText(name: string, text: string): void {
  download(name, new Blob([text], { type: "application/octet-stream" }));
}

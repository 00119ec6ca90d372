import { Children, isValidElement, type ReactNode } from "react";
import { CopyIcon } from "@/components/Copy";
import classes from "./CodeBlock.module.css";

/** A block of code with its language and a copy button. */
export function CodeBlock({ children }: { children: ReactNode }) {
  const code = Children.toArray(children).find((child) => isValidElement<{ className?: string }>(child));
  const language = isValidElement<{ className?: string }>(code)
    ? /language-([\w+#-]+)/.exec(code.props.className ?? "")?.[1]
    : undefined;
  return (
    <div className={classes.block}>
      <div className={classes.head}>
        <span>{language ?? "text"}</span>
        <CopyIcon text={textOf(children).replace(/\n$/, "")} label="Copy code" />
      </div>
      <pre
        className={classes.code}
        tabIndex={0}
        aria-label={`Code${language ? `, ${language}` : ""}`}
        role="region"
      >
        {children}
      </pre>
    </div>
  );
}

/** The text inside highlighted elements. */
export function textOf(node: ReactNode): string {
  if (typeof node === "string" || typeof node === "number") return String(node);
  if (Array.isArray(node)) return node.map((child: ReactNode) => textOf(child)).join("");
  if (isValidElement<{ children?: ReactNode }>(node)) return textOf(node.props.children);
  return "";
}

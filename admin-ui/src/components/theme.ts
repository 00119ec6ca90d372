/** Leeward's look, told to Mantine. Literal colours live in styles/tokens.css. */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const lee: MantineColorsTuple = [
  "#eef6f6",
  "#d9e9ea",
  "#b0d2d4",
  "#84babd",
  "#5fa5a9",
  "#46979c",
  "#2b7f85",
  "#1f6b71",
  "#17575d",
  "#0d4248",
];

const slate: MantineColorsTuple = [
  "#dfe7e8",
  "#c3ced1",
  "#9fb0b5",
  "#6d7d83",
  "#3d4c52",
  "#2e3c42",
  "#1d292e",
  "#162024",
  "#10181b",
  "#0b1113",
];

export const theme = createTheme({
  colors: { lee, dark: slate },
  primaryColor: "lee",
  primaryShade: { light: 7, dark: 6 },
  black: "#1d2b2f",
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily: '"Inter", "Segoe UI", "Noto Sans", "Liberation Sans", system-ui, -apple-system, sans-serif',
  fontFamilyMonospace: '"JetBrains Mono", "Cascadia Mono", ui-monospace, "Liberation Mono", monospace',
  headings: { fontWeight: "620" },
  components: {
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
    // The first entry gets the focus, not an element without a name before it.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    // The closing button of a message that comes and goes.
    Notification: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } },
    Modal: {
      defaultProps: {
        closeButtonProps: { "aria-label": "Close" },
        centered: true,
        // A long title is read in two lines.
        styles: { title: { lineHeight: 1.35, overflowWrap: "anywhere" } },
        overlayProps: { backgroundOpacity: 0.45, blur: 2 },
      },
    },
  },
});

export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    "--mantine-color-body": "var(--lw-page)",
    "--mantine-color-text": "var(--lw-text)",
    "--mantine-color-dimmed": "var(--lw-quiet)",
    "--mantine-color-placeholder": "var(--lw-quiet)",
    "--mantine-color-error": "var(--lw-bad)",
    "--mantine-color-anchor": "var(--lw-accent)",
    "--mantine-color-default": "var(--lw-raised)",
    "--mantine-color-default-hover": "var(--lw-hover)",
    "--mantine-color-default-border": "var(--lw-line)",
  };
  return { variables: {}, light: shared, dark: shared };
};

/** The pages of one subject, each at its own address. */
import { Link, useLocation } from "@tanstack/react-router";
import classes from "./PageTabs.module.css";

export interface PageTab {
  path: string;
  label: string;
  /** How many things wait there; said with these words to those who hear the page. */
  waiting?: { count: number; words: string };
}

export function PageTabs({ label, tabs }: { label: string; tabs: PageTab[] }) {
  const path = useLocation({ select: (location) => location.pathname });
  return (
    <nav className={classes.tabs} aria-label={label}>
      {tabs.map((tab) => (
        <Link
          key={tab.path}
          to={tab.path}
          className={classes.tab}
          data-active={path === tab.path}
          aria-current={path === tab.path ? "page" : undefined}
        >
          {tab.label}
          {tab.waiting && tab.waiting.count > 0 && (
            <span className={classes.count}>
              {tab.waiting.count}
              <span className="lw-visually-hidden"> {tab.waiting.words}</span>
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}

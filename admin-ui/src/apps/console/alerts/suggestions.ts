/** Alerts to start from. Each is an ordinary alert that somebody looks over and saves. */
import { emptyAlert, type AlertForm } from "./alert-form";

export interface Suggestion {
  title: string;
  about: string;
  form: AlertForm;
}

export const suggestions: Suggestion[] = [
  {
    title: "Guessing of passwords",
    about: "Many failed sign-ins or second factors from one address.",
    form: {
      ...emptyAlert,
      name: "Guessing of passwords",
      events: ["auth.login.*", "auth.second_factor.*"],
      outcome: "failure",
      threshold: 10,
      window: 5,
      unit: "minutes",
      groupBy: "source",
    },
  },
  {
    title: "Mass export",
    about: "One user takes out the audit log, or what is kept of people, again and again.",
    form: {
      ...emptyAlert,
      name: "Mass export",
      events: ["audit.export.*", "export.subject.*"],
      threshold: 5,
      window: 1,
      unit: "hours",
      groupBy: "actor",
    },
  },
  {
    title: "Emergency account",
    about: "Anybody seals or tries to unlock the emergency account.",
    form: {
      ...emptyAlert,
      name: "Emergency account",
      events: ["break_glass.*"],
      threshold: 1,
      window: 1,
      unit: "minutes",
      groupBy: "none",
    },
  },
];

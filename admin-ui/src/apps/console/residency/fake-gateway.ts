/** The residency policy's routes as the gateway answers them, from memory: for tests only. */
import type { DryRun, InForce, PastPolicy, Place, Policy, Proposal } from "@/api/residency/types";
import { changesBetween, standing } from "./policy";

export const roma: Place = { site: "roma-1", region: "Lazio", jurisdiction: "IT", ceiling: "confidential" };
export const first: Policy = { version: 1, process: ["roma-1"], store: ["roma-1"], ceiling: "internal" };

export const hashOf = ({ version }: Policy) => version.toString(16).padStart(64, "a5");

interface Answer {
  status: number;
  body: unknown;
}

const ok = (body: unknown, status = 200): Answer => ({ status, body });
const problem = (status: number, code: string, detail: string): Answer => ({
  status,
  body: { status, code, detail, title: code },
});

export class FakeGateway {
  user = "usr_0198f000-aaaa-7bbb-8ccc-000000000001";
  permissions = ["policy.read", "policy.manage"];
  place = roma;
  history: PastPolicy[] = [{ policy: first, hash: hashOf(first), approvals: [] }];
  proposals: Proposal[] = [];
  /** What was asked for, the newest last. */
  asked: { method: string; path: string; body: unknown }[] = [];
  now = "2026-03-10T09:00:00Z";

  private get current(): PastPolicy {
    const [newest] = this.history;
    if (!newest) throw new Error("no policy");
    return newest;
  }

  /** 1,204 inferences and 12 of another class were decided, all at this appliance. */
  dryRun(policy: Policy): DryRun {
    const answer = standing(policy, "process", this.place);
    const refused = (count: number, rule: string) => [
      { purpose: "process" as const, place: this.place, class: "internal" as const, count, rule },
    ];
    const named = `process: site ${this.place.site} (region ${this.place.region}) is not in the tenant's list`;
    return {
      from: "2026-02-08T09:00:00Z",
      to: this.now,
      allowed: answer.allowed ? 1204 : 0,
      refused: answer.allowed ? [] : refused(1216, named),
    };
  }

  propose(policy: Policy, reason: string, more: Partial<Proposal> = {}): Proposal {
    const number = this.proposals.length + 1;
    const proposal: Proposal = {
      id: `rpp_0198f000-aaaa-7bbb-8ccc-${String(number).padStart(12, "0")}`,
      state: "open",
      policy,
      hash: hashOf(policy),
      changes: changesBetween(this.current.policy, policy),
      loosens: true,
      proposed_by: this.user,
      approvals: [],
      reason,
      effective_at: this.now,
      created_at: this.now,
      ...more,
    };
    this.proposals.unshift(proposal);
    return proposal;
  }

  enact(proposal: Proposal): void {
    const { policy, hash, proposed_by, approvals, reason, effective_at } = proposal;
    const how = { replaces: this.current.hash, proposed_by, approvals, reason, effective_at };
    this.history.unshift({ policy, hash, ...how, enacted_at: this.now });
    proposal.state = "enacted";
    for (const other of this.proposals) {
      if (other.state === "open" || other.state === "approved") other.state = "superseded";
    }
  }

  answer(method: string, path: string, body: unknown): Answer {
    this.asked.push({ method, path, body });
    const route = path.replace(/^\/api\/residency-policy/, "");
    const { policy, hash, enacted_at } = this.current;
    const given = (body ?? {}) as { policy: Policy; reason: string; effective_at?: string };
    if (path === "/api/users") return ok({ items: [], next_cursor: null });
    if (route === "") {
      const answer: InForce = { policy, hash, in_force_since: enacted_at ?? null, place: this.place };
      return ok(answer);
    }
    if (route === "/history") return ok({ items: this.history, next_cursor: null });
    if (route === "/proposals" && method === "GET") return ok({ items: this.proposals, next_cursor: null });
    if (route === "/dry-run" || route === "/proposals") {
      if (given.policy.version !== policy.version + 1) {
        return problem(409, "conflict", `version ${policy.version} is in force`);
      }
      if (route === "/proposals") {
        return ok(this.propose(given.policy, given.reason, this.dated(given.effective_at)), 201);
      }
      const changes = changesBetween(policy, given.policy);
      return ok({ ...this.dryRun(given.policy), changes, loosens: true });
    }
    const [, id, act] = /^\/proposals\/([^/]+)(?:\/(\w+))?$/.exec(route) ?? [];
    const proposal = this.proposals.find((known) => known.id === id);
    if (!proposal) return problem(404, "not_found", `there is no proposal ${id ?? ""}`);
    return this.act(proposal, act);
  }

  private dated(effective_at: string | undefined): Partial<Proposal> {
    return effective_at ? { effective_at } : {};
  }

  private act(proposal: Proposal, act: string | undefined): Answer {
    if (act === "approve") {
      if (proposal.proposed_by === this.user) {
        return problem(403, "separation_of_duties", "you proposed it; somebody else must approve");
      }
      proposal.approvals.push(this.user);
      proposal.state = "approved";
      if (Date.parse(proposal.effective_at) <= Date.parse(this.now)) this.enact(proposal);
    }
    if (act === "withdraw") proposal.state = "withdrawn";
    return ok(act ? proposal : { ...proposal, dry_run: this.dryRun(proposal.policy) });
  }
}

// One conversation over HTTP: sends messages, reads their streams, resumes by number after a lost connection. Knows no DOM.
import { type Api, path, Refused, Unreachable } from "./api.js";
import { readJson } from "./json.js";
import { accepted, EMPTY, endedAfter, last, type Log, merge, open } from "./log.js";
import { newId } from "./place.js";
import { type Page, question } from "./source.js";
import { serverEvents } from "./sse.js";
import type { Answer, Attached, Event, JsonObject, Message, State, Status, View } from "./wire.js";

export interface Unsent { id: string; text: string; files: Attached[]; problem: Error | null }
export interface Setting {
  api: Api; spec: string; connection: string | null; consent: boolean; session: string | null;
  credential: () => JsonObject | null; // what the page passes with each message, where nothing is stored
}
export interface Rating { turn: number; rating: "up" | "down"; comment?: string; correction?: string; reset?: boolean }

const TRIES = 3;
const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 10_000;

export class Conversation {
  log: Log = EMPTY;
  draft = "";
  session: string | null;
  unsent: Unsent | null = null; // what was typed, until the server has it
  lost = false; // the connection, while a turn runs
  problem: Error | null = null; // of the conversation itself: it cannot be read
  private answering: string | null = null; // an answer's values, perhaps secret, stay in the form that asked
  private status: Status = "new";
  private from = -1; // the last event known when the turn that runs was asked for
  private reading = new AbortController();

  constructor(private readonly setting: Setting, private readonly changed: () => void, private readonly pause = wait) {
    this.session = setting.session;
  }

  get sending(): boolean {
    return this.answering !== null || (this.unsent !== null && this.unsent.problem === null);
  }

  get running(): boolean {
    return this.sending || this.working;
  }

  private get working(): boolean {
    return this.status === "running" && !endedAfter(this.log, this.from);
  }

  get fresh(): boolean {
    return !this.unsent && !this.log.events.some((event) => event.type === "UserSaid");
  }

  stop(): void {
    this.reading.abort();
  }

  // After a reload: what was said is read again, and a message of unknown fate is offered again.
  async restore(unsent: Unsent | null): Promise<void> {
    try {
      if (this.session) await this.look(this.reading.signal);
    } catch (error) {
      this.gone(error as Error);
    }
    if (unsent && !accepted(this.log, unsent.id)) this.unsent = unsent;
    this.from = last(this.log);
  }

  // A turn that was running at the reload is followed to its end.
  resume(): Promise<void> {
    return this.follow(this.reading.signal);
  }

  say(text: string, files: Attached[] = []): Promise<void> {
    return this.submit({ id: newId(), text, files, problem: null });
  }

  // Uploaded at once; what it is for is said with the message or the answer that names its handle.
  async attach(file: File): Promise<Attached> {
    this.session ??= await this.begin();
    const where = path`/v1/sessions/${this.session}/files` + `?name=${encodeURIComponent(file.name)}`;
    const headers = { "Content-Type": file.type || "application/octet-stream" };
    const response = await this.setting.api.open(where, { method: "POST", headers, body: file });
    this.changed();
    return readJson(await response.text()) as unknown as Attached;
  }

  retry(): Promise<void> {
    return this.unsent ? this.submit({ ...this.unsent, problem: null }) : Promise.resolve();
  }

  drop(): void {
    this.unsent = null;
    this.changed();
  }

  // Resolves to the problem, so that the form that asked can show it and keep what was typed.
  async answer(id: string, answer: Answer): Promise<Error | null> {
    this.answering = id;
    const problem = await this.deliver(id, { answers: [answer] });
    if (this.answering === id) this.answering = null;
    const closed = problem instanceof Refused && problem.code === "question_not_open"; // its form goes away, so it is said here
    if (closed) this.problem = new Error("This question is no longer open. What came of it is shown above.");
    this.changed();
    return closed ? null : problem;
  }

  async cancel(): Promise<void> {
    const { signal } = this.reading;
    try {
      await this.setting.api.send("POST", path`/v1/sessions/${this.session ?? ""}/cancel`);
      await this.look(signal);
    } catch (error) {
      this.problem = error as Error;
    }
    this.changed();
  }

  page(view: View, sort: string | null, offset: number, limit: number): Promise<Page> {
    return this.setting.api.get<Page>(this.artifact(view.result, { view: question(view), offset: String(offset), limit: String(limit), ...(sort && { sort }) }));
  }

  async csv(view: View): Promise<Blob> {
    return (await this.setting.api.open(this.artifact(view.result, { format: "csv", view: question(view) }))).blob();
  }

  // A result as JSON, or a file as itself.
  async whole(id: string): Promise<Blob> {
    return (await this.setting.api.open(this.artifact(id, {}))).blob();
  }

  private artifact(id: string, query: Record<string, string>): string {
    const asked = new URLSearchParams(query).toString();
    return path`/v1/sessions/${this.session ?? ""}/artifacts/${id}` + (asked && `?${asked}`);
  }

  async rate(rating: Rating): Promise<void> {
    await this.setting.api.send("POST", path`/v1/sessions/${this.session ?? ""}/feedback`, { ...rating, epoch: this.log.epoch });
    if (!rating.reset) return;
    this.log = EMPTY;
    await this.look(this.reading.signal).catch((error: Error) => this.gone(error));
    this.changed();
  }

  private async submit(unsent: Unsent): Promise<void> {
    this.unsent = unsent;
    const handles = unsent.files.map((file) => file.handle);
    const problem = await this.deliver(unsent.id, { text: unsent.text, ...(handles.length && { files: handles }) });
    if (this.unsent?.id === unsent.id) this.unsent = problem && { ...unsent, problem };
    this.changed();
  }

  private async deliver(id: string, message: Message): Promise<Error | null> {
    this.stop();
    const { signal } = (this.reading = new AbortController());
    this.draft = "";
    this.problem = null;
    this.from = last(this.log);
    this.changed();
    try {
      const credential = this.setting.credential();
      const response = await this.post({ id, ...message, ...(credential && { credential }) }, signal);
      this.status = "running";
      await this.take(response, signal);
      return null;
    } catch (error) {
      if (signal.aborted) return null;
      if (error instanceof Refused && error.status === 409) void this.catchUp(signal);
      return error as Error;
    }
  }

  private async post(body: Message & { id: string }, signal: AbortSignal): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      try {
        this.session ??= await this.begin();
        return await this.setting.api.post("POST", path`/v1/sessions/${this.session}/messages`, body, "text/event-stream", signal);
      } catch (error) {
        const passing = error instanceof Unreachable || (error instanceof Refused && error.status === 503);
        if (!passing || attempt === TRIES) throw error;
        await this.pause(FIRST_PAUSE * 2 ** attempt);
      }
    }
  }

  private async begin(): Promise<string> {
    const { spec, connection, consent, credential } = this.setting;
    const locale = /^[a-z]{2,3}(-[a-z0-9]{2,8})*/i.exec(navigator.language)?.[0] ?? "en";
    const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
    const about = { spec_id: spec, locale, timezone, consent, ...(connection && { connection }), ...(credential() && { credential: "passed" }) };
    return (await this.setting.api.send<{ id: string }>("POST", "/v1/sessions", about)).id;
  }

  // A turn runs already (another tab), or the question was answered elsewhere: show it, and keep what was to be sent.
  private async catchUp(signal: AbortSignal): Promise<void> {
    await this.look(signal).catch(() => undefined);
    this.from = last(this.log);
    this.changed();
    await this.follow(signal);
  }

  // A 2xx means the message is kept: whatever happens to its stream, it is the server's from here on.
  private async take(response: Response, signal: AbortSignal): Promise<void> {
    try {
      await this.read(response, false);
      if (this.status === "running") await this.look(signal);
    } catch {
      if (signal.aborted) return;
      this.lost = true;
    }
    this.unsent = null;
    this.answering = null;
    this.changed();
    await this.follow(signal);
  }

  private async read(response: Response, untilPause: boolean): Promise<void> {
    if (!response.headers.get("content-type")?.startsWith("text/event-stream")) return this.state(readJson(await response.text()) as unknown as State);
    if (!response.body) return;
    for await (const found of serverEvents(response.body)) {
      this.lost = false;
      if (found.event === "event") {
        const event = readJson(found.data) as unknown as Event;
        if (event.type === "UserSaid" && open(this.log).length) void this.fill(last(this.log));
        const pauses = this.event(found.id, event);
        if (pauses && untilPause) return;
      } else if (found.event === "delta") this.draft += (readJson(found.data) as { text: string }).text;
      else if (found.event === "status") {
        this.status = (readJson(found.data) as { status: Status }).status;
        return;
      }
      this.changed();
    }
  }

  // What a new request closed is told before it, and its stream begins with it. Without this the turn before has no end to be seen, and that is all.
  private async fill(after: number): Promise<void> {
    const { signal } = this.reading;
    const found = await this.setting.api.get<State>(path`/v1/sessions/${this.session ?? ""}` + `?after=${after}`, signal).catch(() => null);
    if (!found || signal.aborted) return;
    this.log = merge(this.log, found.epoch, found.events);
    this.changed();
  }

  // True when the turn pauses or ends with this event: the stream of a session's events itself has no end.
  private event(id: string | null, event: Event): boolean {
    const epoch = Number(/^(\d+)-/.exec(id ?? "")?.[1] ?? this.log.epoch);
    this.log = merge(this.log, epoch, [event]);
    if (event.type === "ModelReplied" || event.type === "Replied" || event.type === "TurnFailed") this.draft = "";
    if (this.unsent && accepted(this.log, this.unsent.id)) this.unsent = null;
    if (this.answering && accepted(this.log, this.answering)) this.answering = null;
    this.changed();
    return event.number > this.from && ["QuestionAsked", "Replied", "TurnFailed"].includes(event.type);
  }

  private state(state: State): void {
    this.log = merge(this.log, state.epoch, state.events);
    this.status = state.status;
    this.draft = "";
  }

  private async look(signal: AbortSignal): Promise<void> {
    this.state(await this.setting.api.get<State>(path`/v1/sessions/${this.session ?? ""}`, signal));
  }

  private async follow(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; this.working && !signal.aborted; attempt++) {
      try {
        if (attempt) await this.pause(Math.min(FIRST_PAUSE * 2 ** attempt, LONGEST_PAUSE));
        await this.resumeStream(signal);
        this.lost = false;
        attempt = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Refused && error.status < 500) return this.gone(error);
        this.lost = true;
      }
      this.changed();
    }
    this.lost = false;
    this.changed();
  }

  private async resumeStream(signal: AbortSignal): Promise<void> {
    const number = last(this.log);
    const seen: Record<string, string> = number < 0 ? {} : { "Last-Event-ID": `${this.log.epoch}-${number}` };
    const where = path`/v1/sessions/${this.session ?? ""}/events` + `?after=${number}`;
    await this.read(await this.setting.api.open(where, { headers: { Accept: "text/event-stream", ...seen }, signal }), true);
    if (this.status === "running") await this.look(signal);
  }

  private gone(error: Error): void {
    if (this.reading.signal.aborted) return;
    const missing = error instanceof Refused && error.status === 404;
    this.problem = missing ? new Error("The earlier conversation is no longer there. What you write now starts a new one.") : error;
    if (missing) this.session = null;
    this.status = "new";
    this.changed();
  }
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

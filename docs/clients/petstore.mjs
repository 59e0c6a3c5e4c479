// A small client of PetStore Direct for Node 20 and later: node petstore.mjs TOPIC writes an article and prints its title.
// BASE_URL says where; API_KEY, or EMAIL and PASSWORD, who you are; NODE_EXTRA_CA_CERTS, if need be, whom to trust.

/** What the service refused, and why (RFC 9457). */
export class Problem extends Error {
  constructor(status, body) {
    const code = String(body.type ?? "").split(/[/#]/).pop();
    const errors = (body.errors ?? []).map(({ loc, msg }) => `\n  ${loc.join(".")}: ${msg}`);
    const detail = body.detail ?? "no answer that could be read";
    super(`${status} ${code}: ${detail} (request ${body.request_id})${errors.join("")}`);
    Object.assign(this, { status, code, detail, requestID: body.request_id, errors: body.errors ?? [] });
  }
}

const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

export class PetStore {
  static tries = 5;
  static longestWait = 90;
  #access;
  #refresh;
  #renewing;

  constructor({ baseURL, apiKey, email, password }) {
    Object.assign(this, { baseURL, apiKey, email, password });
  }

  profile() {
    return this.call("GET", "/auth/profile");
  }

  write(topic, wishes = {}) {
    return this.call("POST", "/blog/generate", { topic, ...wishes }, { repeatable: true });
  }

  /** A call with all its tries. repeatable: doing it twice does no harm. */
  async call(method, path, body, { repeatable = method === "GET" } = {}) {
    if (!this.apiKey && !this.#access) await this.#renew();
    let renewed = false;
    for (let tried = 1; ; tried++) {
      const credential = this.apiKey ?? this.#access;
      const last = tried >= PetStore.tries;
      let wait = 2 ** (tried - 1) * (0.5 + Math.random());
      let answer;
      try {
        answer = await this.#send(method, path, body, credential);
      } catch (broken) {
        if (!repeatable || last) throw broken;
        await pause(wait);
        continue;
      }
      if (answer.status < 300) return answer.body;
      const problem = new Problem(answer.status, answer.body);
      if (problem.status === 401 && problem.code === "invalid_credential" && !this.apiKey && !renewed) {
        // Of several calls at once the first renews, and the others wait for it.
        if (credential === this.#access) await (this.#renewing ??= this.#renew().finally(() => (this.#renewing = undefined)));
        renewed = true;
        continue;
      }
      wait = Number(answer.fields.get("retry-after") ?? wait);
      const again = problem.status === 429 || ([502, 503, 504].includes(problem.status) && repeatable);
      if (!again || last || wait > PetStore.longestWait) throw problem;
      await pause(wait);
    }
  }

  /** A new pair for the old one; where that is not taken, a login. */
  async #renew() {
    let answer = { status: 401 };
    if (this.#refresh) answer = await this.#send("POST", "/auth/refresh", { refresh_token: this.#refresh });
    if (answer.status === 401) answer = await this.#send("POST", "/auth/login", { email: this.email, password: this.password });
    if (answer.status !== 200) throw new Problem(answer.status, answer.body);
    this.#access = answer.body.access_token;
    this.#refresh = answer.body.refresh_token;
  }

  /** One request: status, fields and what the body holds. */
  async #send(method, path, body, credential) {
    const answer = await fetch(`${this.baseURL}/api/v1${path}`, {
      method,
      headers: {
        ...(credential && { Authorization: `Bearer ${credential}` }),
        ...(body && { "Content-Type": "application/json" }),
      },
      body: body && JSON.stringify(body),
      redirect: "error",
      signal: AbortSignal.timeout(100_000),
    });
    const text = await answer.text();
    let held = {};
    try {
      held = JSON.parse(text);
    } catch {
      // No body, or not the service's.
    }
    return { status: answer.status, fields: answer.headers, body: held };
  }
}

const { BASE_URL, API_KEY, EMAIL, PASSWORD } = process.env;
const client = new PetStore({ baseURL: BASE_URL, apiKey: API_KEY, email: EMAIL, password: PASSWORD });
try {
  console.log((await client.profile()).email);
  console.log((await client.write(process.argv[2], { length: "short" })).blog_post.title);
} catch (problem) {
  console.error(problem instanceof Problem ? problem.message : problem);
  process.exitCode = 1;
}

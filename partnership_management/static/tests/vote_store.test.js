import { VoteStore } from "@partnership_management/vote_screen/vote_store";
import { advanceTime, beforeEach, describe, expect, test, tick } from "@odoo/hoot";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";

describe.current.tags("headless");

/** A server with two open decisions and the votes of four seats; calls wait to be let through. */
class Server {
    constructor() {
        this.votes = {};
        for (const seat of [1, 2, 3, 4]) {
            this.votes[seat] = { 10: "not_voted", 20: "not_voted" };
        }
        this.votes[4][20] = "recused";
        this.calls = [];
        this.waiting = [];
        this.isDown = false;
        this.losesAnswer = false;
        this.secret = new Set();
    }

    get orm() {
        return { silent: { call: (_model, method, args) => this.call(method, args.slice(1)) } };
    }

    async call(method, args) {
        if (method !== "vote_screen_read") {
            this.calls.push([method, args[0]]);
            await new Promise((resolve) => this.waiting.push(resolve));
        }
        if (this.isDown) {
            throw new ConnectionLostError("/web/dataset/call_kw");
        }
        let changed;
        if (method === "vote_screen_tap") {
            this.tap(args[0]);
        } else if (method === "vote_screen_rest") {
            changed = this.rest(args[0], args[1]);
        }
        if (this.losesAnswer) {
            this.losesAnswer = false;
            throw new ConnectionLostError("/web/dataset/call_kw");
        }
        return { ...this.read(args.at(-1)), changed };
    }

    /** As the server does: what is there by now is left, what another has changed is refused. */
    tap(taps) {
        const chains = new Map();
        for (const [seat, decision, before, choice] of taps) {
            const known = chains.get(`${seat} ${decision}`) || { found: [] };
            chains.set(`${seat} ${decision}`, { found: [...known.found, before], choice });
        }
        for (const [key, { found, choice }] of chains) {
            const [seat, decision] = key.split(" ");
            const now = this.votes[seat][decision];
            if (now !== choice && !found.includes(now)) {
                throw Object.assign(new RPCError(), { data: { message: `Is ${now}.` } });
            }
        }
        for (const [key, { choice }] of chains) {
            const [seat, decision] = key.split(" ");
            this.votes[seat][decision] = this.secret.has(Number(decision)) ? "voted" : choice;
        }
    }

    rest(decisions, choice) {
        const changed = new Set();
        for (const [seat, votes] of Object.entries(this.votes)) {
            for (const decision of decisions.filter((each) => votes[each] === "not_voted")) {
                votes[decision] = choice;
                changed.add(Number(seat));
            }
        }
        return [...changed];
    }

    read(chosen) {
        const ids = Array.isArray(chosen) && chosen.length ? chosen : [10];
        return {
            meeting: {},
            groups: [],
            decisions: [10, 20].map((id) => ({ id, name: `Question ${id}`, state: "open", live: {} })),
            chosen: ids,
            last: "",
            later: [],
            rows: Object.entries(this.votes).map(([seat, votes]) => ({
                id: Number(seat),
                member: `Member ${seat}`,
                votes: ids.map((id) => ({
                    decision_id: id,
                    choice: votes[id],
                    is_secret: this.secret.has(id),
                    can_vote: !["recused", "voted"].includes(votes[id]),
                })),
            })),
        };
    }

    async answer() {
        while (this.waiting.length) {
            this.waiting.shift()();
            for (let turn = 0; turn < 10; turn++) {
                await tick();
            }
        }
    }

    now(decision = 10) {
        return Object.values(this.votes)
            .map((votes) => votes[decision][0])
            .join("");
    }
}

let server, store, notices;

beforeEach(async () => {
    allowTranslations();
    server = new Server();
    notices = [];
    const notification = { add: (message) => notices.push(String(message)) };
    store = new VoteStore({ orm: server.orm, notification }, 7);
    await store.load();
});

const row = (id) => store.rows.find((each) => each.id === id);
const tap = (id, choice) => store.toggleChoice(row(id), choice);
const shown = () => store.rows.map((each) => store.choiceOf(each)[0]).join("");
const sent = () => server.calls.map(([, taps]) => taps);

test("a tap says what it finds, and a second one takes it back", async () => {
    tap(1, "no");
    expect(store.choiceOf(row(1))).toBe("no");
    await server.answer();
    tap(1, "no");
    await server.answer();
    expect(sent()).toEqual([[[1, 10, "not_voted", "no"]], [[1, 10, "no", "not_voted"]]]);
    expect(notices).toEqual([]);
});

test("taps on one seat go on from each other", async () => {
    tap(1, "yes");
    tap(2, "yes");
    tap(2, "abstained");
    await server.answer();
    expect(sent()[1]).toEqual([
        [2, 10, "not_voted", "yes"],
        [2, 10, "yes", "abstained"],
    ]);
    expect(server.now()).toBe("yann");
});

test("a tap goes to all decisions in which the seat may vote", async () => {
    await store.choose([10, 20]);
    tap(3, "yes");
    tap(4, "yes");
    await server.answer();
    expect(sent().flat()).toEqual([
        [3, 10, "not_voted", "yes"],
        [3, 20, "not_voted", "yes"],
        [4, 10, "not_voted", "yes"],
    ]);
    expect(server.now(10)).toBe("nnyy");
    expect(server.now(20)).toBe("nnyr");
    expect(store.choiceOf(row(4))).toBe("yes");
});

test("where the votes of a seat differ, a tap makes them one", async () => {
    server.votes[1][20] = "no";
    await store.choose([10, 20]);
    expect(store.choiceOf(row(1))).toBe("mixed");
    tap(1, "yes");
    await server.answer();
    expect([server.votes[1][10], server.votes[1][20]]).toEqual(["yes", "yes"]);
    store.undo();
    await server.answer();
    expect([server.votes[1][10], server.votes[1][20]]).toEqual(["not_voted", "no"]);
});

test("what another clerk took meanwhile is refused by name, and shows", async () => {
    server.votes[1][10] = "abstained";
    tap(1, "yes");
    tap(2, "yes");
    await server.answer();
    expect(server.now()).toBe("aynn");
    expect(shown()).toBe("aynn");
    expect(notices).toEqual(["Not recorded for Member 1: Is abstained."]);
    store.undo();
    await server.answer();
    expect(server.now()).toBe("annn");
});

test("the same tap of two clerks is one vote", async () => {
    server.votes[1][10] = "yes";
    tap(1, "yes");
    await server.answer();
    expect(shown()).toBe("ynnn");
    expect(notices).toEqual([]);
});

test("an answer that was lost: the taps are sent again and count once", async () => {
    server.losesAnswer = true;
    tap(1, "yes");
    await server.answer();
    expect(store.isOffline).toBe(true);
    tap(1, "no");
    tap(2, "no");
    await advanceTime(3000);
    await server.answer();
    expect(server.now()).toBe("nnnn");
    expect(server.votes[1][10]).toBe("no");
    expect(server.votes[2][10]).toBe("no");
    expect(store.isOffline).toBe(false);
    expect(notices).toEqual([]);
});

test("without a connection taps wait", async () => {
    server.isDown = true;
    tap(1, "yes");
    tap(2, "no");
    await server.answer();
    expect(store.queue).toHaveLength(2);
    expect(server.now()).toBe("nnnn");
    expect(server.votes[2][10]).toBe("not_voted");
    server.isDown = false;
    await advanceTime(3000);
    await server.answer();
    expect(store.queue).toHaveLength(0);
    expect(server.votes[2][10]).toBe("no");
});

test("the rest is undone in one go, and leaves what was tapped", async () => {
    tap(2, "no");
    await server.answer();
    expect(store.countRest()).toBe(3);
    store.voteRest("yes");
    await tick();
    await server.answer();
    expect(server.now()).toBe("ynyy");
    store.undo();
    await server.answer();
    expect([1, 2, 3, 4].map((seat) => server.votes[seat][10])).toEqual([
        "not_voted",
        "no",
        "not_voted",
        "not_voted",
    ]);
});

test("a secret vote stays, and is not undone", async () => {
    server.secret.add(10);
    await store.load();
    tap(1, "no");
    expect(store.choiceOf(row(1))).toBe("voted");
    tap(1, "yes");
    await server.answer();
    expect(sent()).toEqual([[[1, 10, "not_voted", "no"]]]);
    expect(await store.undo()).toBe(null);
});

test("who is recused is not tapped", async () => {
    await store.choose([20]);
    tap(4, "yes");
    await server.answer();
    expect(server.calls).toEqual([]);
    expect(store.choiceOf(row(4))).toBe("recused");
});

test("what was asked of other decisions does not show", async () => {
    const asked = store.read();
    await store.choose([20]);
    store.receive(await asked);
    expect(store.chosen).toEqual([20]);
    expect(store.rows[3].votes[0].choice).toBe("recused");
});

import { SheetStore } from "@partnership_management/attendance_sheet/sheet_store";
import { advanceTime, beforeEach, describe, expect, mockDate, test, tick } from "@odoo/hoot";
import { formatHours } from "@partnership_management/attendance_sheet/sheet_hours";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";

describe.current.tags("headless");

/** A server with the rows of one sheet; each call waits until it is let through. */
class Server {
    constructor() {
        this.rows = ["Ann", "Bert", "Cleo", "Dora"].map((name, index) => ({
            id: index + 1,
            seat_id: index + 1,
            is_lead: true,
            person: { id: index + 10, name },
            member: `Member ${name}`,
            status: "not_recorded",
            mode: "unknown",
            reason: "",
            proxy: false,
            check_in: false,
            check_out: false,
        }));
        this.meeting = {};
        this.calls = [];
        this.waiting = [];
        this.refuses = new Map(); // id of a row -> why it is not marked
        this.isDown = false;
    }

    get orm() {
        return { silent: { call: (_model, method, args) => this.call(method, args.slice(1)) } };
    }

    async call(method, args) {
        if (method === "attendance_sheet_mark") {
            this.calls.push(args[0].map(([ids, { status }]) => `${ids}:${status}`).join(" "));
            await new Promise((resolve) => this.waiting.push(resolve));
        }
        if (this.isDown) {
            throw new ConnectionLostError("/web/dataset/call_kw");
        }
        if (method === "attendance_sheet_mark") {
            this.mark(args[0]);
        }
        return structuredClone({ meeting: this.meeting, quorum: {}, groups: [], rows: this.rows });
    }

    mark(changes) {
        const [id] = changes.flatMap(([ids]) => ids).filter((each) => this.refuses.has(each));
        if (id) {
            throw Object.assign(new RPCError(), { data: { message: this.refuses.get(id) } });
        }
        for (const [ids, { proxy_id, ...values }] of changes) {
            for (const row of this.rows.filter((each) => ids.includes(each.id))) {
                Object.assign(row, values);
                if (proxy_id !== undefined) {
                    row.proxy = proxy_id && { id: proxy_id, name: "Somebody" };
                }
            }
        }
    }

    /** Let the calls through, and those that follow of them, until none is waiting. */
    async answer() {
        while (this.waiting.length) {
            this.waiting.shift()();
            for (let turn = 0; turn < 10; turn++) {
                await tick();
            }
        }
    }

    statuses() {
        return Object.fromEntries(this.rows.map((row) => [row.person.name, row.status]));
    }
}

let server, store, notices;

beforeEach(async () => {
    allowTranslations();
    server = new Server();
    notices = [];
    const notification = { add: (message) => notices.push(String(message)) };
    store = new SheetStore({ orm: server.orm, notification }, 7);
    await store.load();
});

const tap = (...ids) => {
    for (const id of ids) {
        store.toggleStatus(
            store.rows.find((row) => row.id === id),
            "present"
        );
    }
};
const shown = () => store.rows.map((row) => row.status[0]).join("");

test("a tap is shown at once, and those made meanwhile go together", async () => {
    tap(1, 2, 3);
    expect(shown()).toBe("pppn");
    await server.answer();
    expect(server.calls).toEqual(["1:present", "2:present 3:present"]);
    expect(server.statuses()).toEqual({
        Ann: "present",
        Bert: "present",
        Cleo: "present",
        Dora: "not_recorded",
    });
    expect(store.queue).toHaveLength(0);
    expect(notices).toEqual([]);
});

test("of taps that went together only the refused goes back, by name", async () => {
    server.refuses.set(3, "Cleo gave a proxy.");
    tap(1, 2, 3, 4);
    await server.answer();
    expect(server.calls.slice(1)).toEqual([
        "2:present 3:present 4:present",
        "2:present",
        "3:present",
        "4:present",
    ]);
    expect(shown()).toBe("ppnp");
    expect(server.statuses()).toEqual({
        Ann: "present",
        Bert: "present",
        Cleo: "not_recorded",
        Dora: "present",
    });
    expect(notices).toEqual(["Not recorded for Cleo: Cleo gave a proxy."]);
    expect(store.queue).toHaveLength(0);
});

test("a refused tap leaves those that were never sent", async () => {
    server.refuses.set(1, "No.");
    tap(1);
    await tick();
    tap(2, 3);
    await server.answer();
    expect(server.calls).toEqual(["1:present", "2:present 3:present"]);
    expect(shown()).toBe("nppn");
    expect(server.statuses().Bert).toBe("present");
    expect(notices).toEqual(["Not recorded for Ann: No."]);
});

test("one notice for all that were refused for one reason", async () => {
    server.refuses.set(2, "Closed.").set(3, "Closed.").set(4, "Dora left.");
    tap(1, 2, 3, 4);
    await server.answer();
    expect(shown()).toBe("pnnn");
    expect(notices).toEqual([
        "Not recorded for Bert, Cleo: Closed.",
        "Not recorded for Dora: Dora left.",
    ]);
});

test("what was refused cannot be undone, what was recorded can", async () => {
    server.refuses.set(3, "No.");
    tap(1, 2, 3);
    await server.answer();
    store.undo();
    await server.answer();
    expect(shown()).toBe("pnnn");
    expect(server.statuses().Bert).toBe("not_recorded");
    store.undo();
    await server.answer();
    expect(shown()).toBe("nnnn");
    expect(await store.undo()).toBe(null);
});

test("without a connection taps wait, and are sent when it is back", async () => {
    server.isDown = true;
    tap(1, 2);
    await server.answer();
    expect(store.isOffline).toBe(true);
    expect(shown()).toBe("ppnn");
    tap(3);
    server.isDown = false;
    await advanceTime(3000);
    await server.answer();
    expect(store.isOffline).toBe(false);
    expect(server.calls.at(-1)).toBe("1:present 2:present 3:present");
    expect(shown()).toBe("pppn");
    expect(notices).toEqual([]);
});

test("the connection is lost while refused taps are sent one by one", async () => {
    server.refuses.set(2, "No.");
    tap(1, 2, 3);
    server.waiting.shift()();
    for (let turn = 0; turn < 10; turn++) {
        await tick();
    }
    server.waiting.shift()(); // refused together
    for (let turn = 0; turn < 10; turn++) {
        await tick();
    }
    server.isDown = true;
    await server.answer();
    expect(store.queue).toHaveLength(2);
    server.isDown = false;
    await advanceTime(3000);
    await server.answer();
    expect(shown()).toBe("pnpn");
    expect(notices).toEqual(["Not recorded for Bert: No."]);
    expect(store.queue).toHaveLength(0);
});

test("taps on one row keep their order", async () => {
    server.refuses.set(4, "No.");
    tap(1, 2);
    store.mark(store.rows[1], { status: "late" });
    tap(4);
    store.mark(store.rows[1], { status: "absent" });
    await server.answer();
    expect(server.statuses().Bert).toBe("absent");
    expect(shown()).toBe("pann");
});

test("others' marks show, also of a row whose tap was refused", async () => {
    server.refuses.set(1, "Somebody was faster.");
    tap(1);
    server.rows[0].status = "excused";
    await server.answer();
    expect(shown()).toBe("ennn");
});

/** A meeting from 18:00 to 20:00 in Brussels; it is 18:42 there, and this device is slow. */
const run = async (now = "2024-06-03 16:42:00") => {
    mockDate(now, 1); // of a device in a zone that is an hour ahead, set to UTC
    server.meeting = {
        now,
        begins: "2024-06-03 16:00:00",
        punctual_until: "2024-06-03 16:15:00",
        ends: "2024-06-03 18:00:00",
        overrun_until: "2024-06-03 21:00:00",
        zone: "Europe/Brussels",
    };
    await store.load();
};
const hours = ({ status, check_in, check_out }) => [status, check_in, check_out];

test("who comes late or leaves does so now, by the clock of the server", async () => {
    await run();
    const [ann, bert, cleo] = store.rows;
    store.toggleStatus(ann, "late");
    store.toggleStatus(bert, "absent");
    store.came(bert);
    store.toggleStatus(cleo, "present");
    store.toggleLeft(cleo);
    const shownHours = store.rows.slice(0, 3).map(hours);
    expect(shownHours).toEqual([
        ["late", "2024-06-03 16:42:00", false],
        ["late", "2024-06-03 16:42:00", false],
        ["present", false, "2024-06-03 16:42:00"],
    ]);
    await server.answer();
    expect(server.rows.slice(0, 3).map(hours)).toEqual(shownHours);
    const texts = store.rows.map((row) => formatHours(row, store.meeting).replace(/\s/g, " "));
    expect(texts).toEqual(["6:42 PM", "6:42 PM", "until 6:42 PM", ""]);
});

test("an hour that was tapped without a connection is that of the tap", async () => {
    await run();
    server.isDown = true;
    tap(1);
    store.toggleLeft(store.rows[0]);
    await server.answer();
    await advanceTime(600000);
    server.isDown = false;
    await advanceTime(3000);
    await server.answer();
    expect(hours(server.rows[0])).toEqual(["present", false, "2024-06-03 16:42:00"]);
});

test("hours are undone, or taken back by a second tap", async () => {
    await run();
    const [ann, bert] = store.rows;
    tap(1);
    store.toggleLeft(ann);
    store.toggleStatus(bert, "late");
    store.undo();
    store.toggleLeft(ann);
    await server.answer();
    expect(server.rows.slice(0, 2).map(hours)).toEqual([
        ["present", false, false],
        ["not_recorded", false, false],
    ]);
    store.undo();
    await server.answer();
    expect(hours(server.rows[0])).toEqual(["present", false, "2024-06-03 16:42:00"]);
    store.toggleStatus(ann, "absent");
    await server.answer();
    expect(hours(server.rows[0])).toEqual(["absent", false, false]);
});

test("taps that follow at once count, also while others are under way", async () => {
    await run();
    tap(1, 2);
    await server.answer();
    tap(3, 4);
    store.toggleLeft(store.rows[3]);
    server.waiting.shift()();
    for (let turn = 0; turn < 10; turn++) {
        await tick();
    }
    store.toggleLeft(store.rows[3]);
    await server.answer();
    expect(hours(server.rows[3])).toEqual(["present", false, false]);
});

test("a proxy holds outside the hours of its giver alone", async () => {
    await run();
    const [ann] = store.rows;
    const proxy = { id: 11, name: "Bert" };
    store.mark(ann, { status: "excused", proxy });
    store.came(ann);
    expect(ann.proxy).toEqual(proxy);
    store.toggleStatus(ann, "present");
    expect(ann.proxy).toBe(false);
    store.toggleLeft(ann);
    store.mark(ann, { proxy });
    expect(ann.status).toBe("present");
    store.toggleLeft(ann);
    expect(ann.proxy).toBe(false);
    await server.answer();
    expect(server.rows[0].proxy).toBe(false);
});

test("nobody comes or leaves when the meeting is not held", async () => {
    const check = async (now, isHeld) => {
        await run(now);
        const [ann] = store.rows;
        store.toggleStatus(ann, "late");
        expect([store.canCome(ann), store.canLeave(ann)]).toEqual([isHeld, isHeld]);
        store.toggleLeft(ann);
        expect(hours(ann)).toEqual(["late", false, isHeld && now]);
        store.toggleStatus(ann, "absent");
        await server.answer();
    };
    await check("2024-06-03 16:00:00", false);
    await check("2024-06-03 18:30:00", true); // it takes longer than planned
    await check("2024-06-03 21:00:01", false);
});

import { _t } from "@web/core/l10n/translation";
import { normalize } from "@web/core/l10n/utils/normalize";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { delay } from "@web/core/utils/concurrency";

import { getLag, getNow, isPresent, isWithin, sideEffects } from "./sheet_hours";

export const STATUSES = [
    { id: "present", label: _t("Present"), icon: "fa-check", key: "p" },
    { id: "late", label: _t("Late"), icon: "fa-clock-o", key: "l" },
    { id: "excused", label: _t("Excused"), icon: "fa-envelope-o", key: "e" },
    { id: "absent", label: _t("Absent"), icon: "fa-times", key: "a" },
];
const MARKED = ["status", "mode", "reason", "proxy", "check_in", "check_out"];
const RETRY_DELAY = 3000;
// A tap this soon after somebody else marked the same was meant to mark, not to take back
const JUST_NOW = 2000;

export const speaksWithRight = (row) => ["titular", "alternate", "member"].includes(row.capacity);

/**
 * The sheet of one meeting as the screen shows it. A tap is shown at once and sent in the
 * background: taps that are made while another is under way go together. If the server refuses
 * them, each is sent again alone: those that it refuses then go back to what it says, by name,
 * and no other. Without a connection taps wait and are sent again.
 */
export class SheetStore {
    constructor({ orm, notification }, meetingId) {
        this.orm = orm;
        this.notification = notification;
        this.meetingId = meetingId;
        this.meeting = null;
        this.lag = 0;
        this.quorum = null;
        this.groups = [];
        this.rows = [];
        this.queue = [];
        this.undoStack = [];
        this.isOffline = false;
        this.isStale = false;
        this.isStopped = false;
        this.flushing = null;
    }

    // -- Exchange with the server -----------------------------------------------------------

    async load(open = true) {
        const method = open ? "attendance_sheet_open" : "attendance_sheet_read";
        this.receive(await this.rpc(method));
    }

    /** See what others marked meanwhile; while a tap of our own is under way, after it. */
    async refresh() {
        this.isStale = Boolean(this.queue.length || this.flushing);
        if (this.isStale) {
            return;
        }
        try {
            const data = await this.rpc("attendance_sheet_read");
            if (!this.queue.length && !this.flushing) {
                this.receive(data);
            }
            this.isOffline = false;
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.isOffline = true;
        }
    }

    rpc(method, ...args) {
        return this.orm.silent.call("calendar.event", method, [[this.meetingId], ...args]);
    }

    receive(data) {
        this.meeting = data.meeting;
        this.lag = getLag(data.meeting.now);
        this.quorum = data.quorum;
        this.groups = data.groups;
        const known = new Map(this.rows.map((row) => [row.id, row]));
        const isSame =
            data.rows.length === this.rows.length && data.rows.every((row) => known.has(row.id));
        const waiting = new Set(this.queue.flatMap(([ids]) => ids));
        const rows = data.rows.map((row) => updateRow(known.get(row.id), row, waiting));
        if (!isSame) {
            this.rows = rows;
        }
        for (const [ids, values] of this.queue) {
            this.apply(ids, values);
        }
    }

    /** Send the waiting taps. */
    flush() {
        this.flushing ??= this._flush().finally(() => {
            this.flushing = null;
            if (this.isStale && !this.isStopped) {
                this.refresh();
            }
        });
        return this.flushing;
    }

    async _flush() {
        let alone = 0; // how many were refused together and are sent one by one
        const refused = [];
        while (this.queue.length && !this.isStopped) {
            const taps = this.queue.slice(0, alone ? 1 : this.queue.length);
            let data, error;
            try {
                data = await this.rpc("attendance_sheet_mark", taps.map(toServer));
            } catch (reason) {
                error = reason;
            }
            if (error instanceof ConnectionLostError) {
                this.isOffline = true;
                await delay(RETRY_DELAY);
                continue;
            }
            this.isOffline = false;
            if (!error) {
                this.queue.splice(0, taps.length);
                this.receive(data);
            } else if (!(error instanceof RPCError)) {
                throw error;
            } else if (taps.length > 1) {
                alone = taps.length;
                continue;
            } else {
                refused.push([this.queue.shift(), error]);
            }
            alone = Math.max(0, alone - 1);
            if (refused.length && !alone) {
                await this.takeBack(refused.splice(0));
            }
        }
    }

    /** @param {[Array, RPCError][]} refused the taps, each with why */
    async takeBack(refused) {
        const taps = refused.map(([tap]) => tap);
        this.undoStack = this.undoStack.filter((step) => !taps.includes(step.tap));
        const messages = Map.groupBy(refused, ([, error]) => error.data?.message || error.message);
        for (const [message, found] of messages) {
            const ids = new Set(found.flatMap(([[rowIds]]) => rowIds));
            const names = this.rows.filter((row) => ids.has(row.id)).map(this.nameOf).join(", ");
            const text = _t("Not recorded for %(names)s: %(message)s", { names, message });
            this.notification.add(text, { type: "danger" });
        }
        await this.reload();
    }

    /** Show what the server says, and the waiting taps; without a connection once it is back. */
    async reload() {
        try {
            this.receive(await this.rpc("attendance_sheet_read"));
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.isOffline = this.isStale = true;
        }
    }

    notifyRefusal(error) {
        if (!(error instanceof RPCError) && !(error instanceof ConnectionLostError)) {
            throw error;
        }
        const message = error.data?.message || _t("No connection: nothing was recorded.");
        this.notification.add(message, { type: "danger" });
    }

    /**
     * Call an operation that is more than a tap; it can be undone by what it says it changed.
     *
     * @returns {Promise<boolean>} whether it was done
     */
    async operate(label, method, ...args) {
        await this.flush();
        const before = new Map(this.rows.map((row) => [row.id, marks(row)]));
        try {
            const data = await this.rpc(method, ...args);
            const { changed = [] } = data;
            this.receive(data);
            this.undoStack.push({
                label,
                remove: changed.filter((id) => !before.has(id)),
                changes: changed.filter((id) => before.has(id)).map((id) => [[id], before.get(id)]),
            });
            return true;
        } catch (error) {
            this.notifyRefusal(error);
            return false;
        }
    }

    // -- What is tapped ---------------------------------------------------------------------

    /** @param {Object} values status, mode, reason, hours, or proxy as {id, name} */
    mark(row, values) {
        const effects = sideEffects(values, row, this.meeting, getNow(this.lag));
        const tap = [[row.id], { ...effects, ...values }];
        this.undoStack.push({
            label: this.nameOf(row),
            remove: [],
            changes: [[[row.id], marks(row)]],
            tap,
        });
        this.send(tap);
    }

    /** A second tap on the same status takes it back. */
    toggleStatus(row, status) {
        if (row.status === status && Date.now() - row.arrivedAt < JUST_NOW) {
            return;
        }
        this.mark(row, { status: row.status === status ? "not_recorded" : status });
    }

    /** Whether somebody may come or leave now: also when it takes longer than planned. */
    get hasHours() {
        const { begins, overrun_until } = this.meeting;
        return isWithin(getNow(this.lag), begins, overrun_until);
    }

    canCome(row) {
        const isOfNoHour = row.status === "late" && !row.check_in && !row.check_out;
        return Boolean(this.hasHours && row.person && (!isPresent(row) || isOfNoHour));
    }

    came(row) {
        if (this.canCome(row)) {
            this.mark(row, { status: "late", check_in: getNow(this.lag) });
        }
    }

    canLeave(row) {
        return this.hasHours && isPresent(row);
    }

    /** A second tap takes it back: nobody left after all. */
    toggleLeft(row) {
        if (this.canLeave(row) && !(Date.now() - row.arrivedAt < JUST_NOW)) {
            this.mark(row, { check_out: !row.check_out && getNow(this.lag) });
        }
    }

    toggleRemote(row) {
        this.mark(row, { mode: row.mode === "remote" ? "in_person" : "remote" });
    }

    /** @param {Array} taps each the ids of rows, and what is written on them */
    send(...taps) {
        for (const tap of taps) {
            this.apply(...tap);
            this.queue.push(tap);
        }
        return this.flush();
    }

    apply(ids, values) {
        for (const row of this.rows) {
            if (ids.includes(row.id)) {
                Object.assign(row, values);
            }
        }
    }

    markRest(status) {
        return this.operate(_t("the rest"), "attendance_sheet_mark_rest", status);
    }

    cameInstead(row, person) {
        return this.operate(
            this.nameOf(row),
            "attendance_sheet_came_instead",
            row.id,
            person.id || person.name
        );
    }

    add(person, organisation) {
        return this.operate(
            person.name,
            "attendance_sheet_add",
            person.id || person.name,
            organisation ? organisation.id || organisation.name : false
        );
    }

    async undo() {
        const step = this.undoStack.pop();
        if (!step) {
            return null;
        }
        if (!step.remove.length) {
            await this.send(...step.changes);
            return step;
        }
        await this.flush();
        try {
            this.receive(
                await this.rpc("attendance_sheet_remove", step.remove, step.changes.map(toServer))
            );
        } catch (error) {
            this.notifyRefusal(error);
            await this.reload();
        }
        return step;
    }

    // -- What is read -----------------------------------------------------------------------

    nameOf(row) {
        return row.person ? row.person.name : row.member;
    }

    /** The rows that a seat stands by, each with those who came instead of it or as well. */
    get entries() {
        const others = Map.groupBy(
            this.rows.filter((row) => !row.is_lead),
            (row) => row.seat_id
        );
        return this.rows
            .filter((row) => row.is_lead)
            .map((row) => ({ row, others: (row.seat_id && others.get(row.seat_id)) || [] }));
    }

    /** Who may be marked by "the rest": see ``_get_rest`` of the model. */
    countRest(status) {
        const represented = new Set(this.rows.filter(isPresent).map((row) => row.seat_id));
        return this.rows.filter(
            (row) =>
                row.status === "not_recorded" &&
                !row.proxy &&
                !row.reason &&
                (status === "absent" ||
                    (row.person && !(row.seat_id && represented.has(row.seat_id))))
        ).length;
    }

    countStatus(status) {
        return this.rows.filter((row) => row.status === status).length;
    }

    countByPhone() {
        return this.rows.filter((row) => row.check_in && row.status === "present").length;
    }

    /** Those for whom a person votes by proxy. */
    givers(person) {
        return this.rows.filter((row) => row.proxy && row.proxy.id === person.id);
    }

    /** How many of those expected are represented. */
    get turnout() {
        const expected = this.entries.filter(({ row }) => row.capacity !== "guest");
        const there = expected.filter(({ row, others }) => [row, ...others].some(isPresent));
        return { expected: expected.length, there: there.length };
    }

    /** Seats of each group, and how many of them somebody came for. */
    get shares() {
        const shares = new Map(
            this.groups.map((group) => [group.id, { ...group, seats: 0, present: 0 }])
        );
        for (const { row, others } of this.entries) {
            const share = shares.get(row.group_id);
            if (share && row.capacity !== "guest") {
                share.seats++;
                share.present += [row, ...others].some(isPresent) ? 1 : 0;
            }
        }
        return [...shares.values()].filter((share) => share.seats);
    }

    group(row) {
        return this.groups.find((group) => group.id === row.group_id);
    }

    matches({ row, others }, needle) {
        const texts = [row, ...others].flatMap((item) => [item.member, item.person?.name || ""]);
        return normalize(texts.join(" ")).includes(normalize(needle));
    }
}

function marks(row) {
    return Object.fromEntries(MARKED.map((name) => [name, row[name]]));
}

function toServer([ids, { proxy, ...values }]) {
    return [ids, proxy === undefined ? values : { ...values, proxy_id: proxy ? proxy.id : false }];
}

/** @param {Set<number>} waiting ids of the rows that our own taps are about to change */
function updateRow(known, row, waiting) {
    if (!known) {
        return row;
    }
    const isMarked = known.status !== row.status || known.check_out !== row.check_out;
    if (isMarked && !waiting.has(row.id)) {
        known.arrivedAt = Date.now();
    }
    for (const [name, value] of Object.entries(row)) {
        if (JSON.stringify(known[name]) !== JSON.stringify(value)) {
            known[name] = value;
        }
    }
    return known;
}

import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { delay } from "@web/core/utils/concurrency";

const RETRY_DELAY = 3000;
// A tap this soon after somebody else marked the same was meant to mark, not to take back
const JUST_NOW = 2000;

/**
 * What a screen of a meeting shows, a row for each that is tapped. A tap is shown at once and sent
 * in the background: taps that are made while another is under way go together. If the server
 * refuses them, each is sent again alone: those that it refuses then go back to what it says, by
 * name, and no other. Without a connection taps wait and are sent again.
 *
 * A screen says by which methods of the meeting it reads and taps, and what a row is: see the
 * methods of the last section.
 */
export class TapStore {
    constructor({ orm, notification }, meetingId) {
        this.orm = orm;
        this.notification = notification;
        this.meetingId = meetingId;
        this.meeting = null;
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

    async load() {
        this.receive(await this.read());
    }

    /** See what others marked meanwhile; while a tap of our own is under way, after it. */
    async refresh() {
        this.isStale = Boolean(this.queue.length || this.flushing);
        if (this.isStale) {
            return;
        }
        try {
            const data = await this.read();
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
        this.groups = data.groups;
        this.receiveRest(data);
        const known = new Map(this.rows.map((row) => [row.id, row]));
        const isSame =
            data.rows.length === this.rows.length && data.rows.every((row) => known.has(row.id));
        const waiting = new Set(this.queue.flatMap(([ids]) => ids));
        const rows = data.rows.map((row) => this.updateRow(known.get(row.id), row, waiting));
        if (!isSame) {
            this.rows = rows;
        }
        for (const [ids, values] of this.queue) {
            this.apply(ids, values);
        }
    }

    /** @param {Set<number>} waiting ids of the rows that our own taps are about to change */
    updateRow(known, row, waiting) {
        if (!known) {
            return row;
        }
        if (this.markOf(known) !== this.markOf(row) && !waiting.has(row.id)) {
            known.arrivedAt = Date.now();
        }
        for (const [name, value] of Object.entries(row)) {
            if (JSON.stringify(known[name]) !== JSON.stringify(value)) {
                known[name] = value;
            }
        }
        return known;
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
                data = await this.sendTaps(taps);
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
            this.receive(await this.read());
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
        const before = new Map(this.rows.map((row) => [row.id, this.marksOf(row)]));
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

    mark(row, values) {
        const tap = [[row.id], values];
        this.undoStack.push({
            label: this.nameOf(row),
            remove: [],
            changes: [[[row.id], this.marksOf(row)]],
            tap,
        });
        this.send(tap);
    }

    /** Whether somebody else has just marked a row as a tap is about to. */
    isJustMarked(row) {
        return Date.now() - row.arrivedAt < JUST_NOW;
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
                this.applyTo(row, values);
            }
        }
    }

    async undo() {
        const step = this.undoStack.pop();
        if (!step) {
            return null;
        }
        if (step.remove.length) {
            await this.takeBackRows(step);
        } else {
            await this.send(...step.changes);
        }
        return step;
    }

    // -- What each screen says ----------------------------------------------------------------

    /** @returns {Promise} what the screen shows, see ``receive`` */
    read() {
        throw new Error("Say how the rows are read");
    }

    /** @returns {Promise} what the screen shows once these taps were taken */
    sendTaps() {
        throw new Error("Say how taps are sent");
    }

    receiveRest() {}

    applyTo(row, values) {
        Object.assign(row, values);
    }

    nameOf(row) {
        return row.member;
    }

    /** What a tap changes, to be told from what it is after somebody else's. */
    markOf() {
        throw new Error("Say what a tap changes");
    }

    /** What is to be written to take back what comes after. */
    marksOf() {
        throw new Error("Say what can be taken back");
    }

    // -- What is read -----------------------------------------------------------------------

    group(row) {
        return this.groups.find((group) => group.id === row.group_id);
    }
}

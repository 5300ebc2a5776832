import { _t } from "@web/core/l10n/translation";
import { normalize } from "@web/core/l10n/utils/normalize";

import { TapStore } from "../tap_screen/tap_store";
import { getLag, getNow, isPresent, isWithin, sideEffects } from "./sheet_hours";

export const STATUSES = [
    { id: "present", label: _t("Present"), icon: "fa-check", key: "p" },
    { id: "late", label: _t("Late"), icon: "fa-clock-o", key: "l" },
    { id: "excused", label: _t("Excused"), icon: "fa-envelope-o", key: "e" },
    { id: "absent", label: _t("Absent"), icon: "fa-times", key: "a" },
];
const MARKED = ["status", "mode", "reason", "proxy", "check_in", "check_out"];

export const speaksWithRight = (row) => ["titular", "alternate", "member"].includes(row.capacity);

/** The sheet of one meeting as the screen shows it. */
export class SheetStore extends TapStore {
    constructor(services, meetingId) {
        super(services, meetingId);
        this.lag = 0;
        this.quorum = null;
    }

    // -- Exchange with the server -----------------------------------------------------------

    async load() {
        this.receive(await this.rpc("attendance_sheet_open"));
    }

    read() {
        return this.rpc("attendance_sheet_read");
    }

    sendTaps(taps) {
        return this.rpc("attendance_sheet_mark", taps.map(toServer));
    }

    receiveRest({ meeting, quorum }) {
        this.lag = getLag(meeting.now);
        this.quorum = quorum;
    }

    async takeBackRows({ remove, changes }) {
        await this.flush();
        try {
            this.receive(
                await this.rpc("attendance_sheet_remove", remove, changes.map(toServer))
            );
        } catch (error) {
            this.notifyRefusal(error);
            await this.reload();
        }
    }

    // -- What is tapped ---------------------------------------------------------------------

    /** @param {Object} values status, mode, reason, hours, or proxy as {id, name} */
    mark(row, values) {
        const effects = sideEffects(values, row, this.meeting, getNow(this.lag));
        super.mark(row, { ...effects, ...values });
    }

    /** A second tap on the same status takes it back. */
    toggleStatus(row, status) {
        if (row.status === status && this.isJustMarked(row)) {
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
        if (this.canLeave(row) && !this.isJustMarked(row)) {
            this.mark(row, { check_out: !row.check_out && getNow(this.lag) });
        }
    }

    toggleRemote(row) {
        this.mark(row, { mode: row.mode === "remote" ? "in_person" : "remote" });
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

    // -- What is read -----------------------------------------------------------------------

    nameOf(row) {
        return row.person ? row.person.name : row.member;
    }

    markOf(row) {
        return `${row.status} ${row.check_out}`;
    }

    marksOf(row) {
        return Object.fromEntries(MARKED.map((name) => [name, row[name]]));
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

    matches({ row, others }, needle) {
        const texts = [row, ...others].flatMap((item) => [item.member, item.person?.name || ""]);
        return normalize(texts.join(" ")).includes(normalize(needle));
    }
}

function toServer([ids, { proxy, ...values }]) {
    return [ids, proxy === undefined ? values : { ...values, proxy_id: proxy ? proxy.id : false }];
}

import {
    deserializeDateTime,
    serializeDateTime,
    toLocaleDateTimeString,
} from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

export const isPresent = (row) => ["present", "late"].includes(row.status);

/**
 * Moments are texts in UTC, as the server sends them: one that is later is greater.
 *
 * @param {number} lag by how many milliseconds the clock of this device is behind the server's
 */
export function getNow(lag) {
    return serializeDateTime(DateTime.fromMillis(Date.now() + lag));
}

export function getLag(now) {
    return now ? deserializeDateTime(now).toMillis() - Date.now() : 0;
}

/** Whoever is present, not late, and came in the first minutes was there from the beginning. */
export function isThroughout(row, meeting) {
    const since = row.status === "late" ? meeting.begins : meeting.punctual_until;
    return isPresent(row) && !row.check_out && !(row.check_in > since);
}

/** What the server does with a mark too: see ``_complete_mark``. */
export function sideEffects(values, row, meeting, now) {
    const { status } = values;
    const effects = {};
    if (["present", "not_recorded"].includes(status)) {
        effects.reason = "";
    }
    if (status && !isPresent(values)) {
        Object.assign(effects, { check_in: false, check_out: false });
    } else if (status === "present" && row.status === "late") {
        effects.check_in = false;
    } else if (status === "late" && !row.check_in && isWithin(now, meeting.begins, meeting.ends)) {
        effects.check_in = now;
    }
    const after = { ...row, ...effects, ...values };
    if (status === "not_recorded" || isThroughout(after, meeting)) {
        effects.proxy = false;
    }
    return effects;
}

export function isWithin(now, begins, ends) {
    return begins < now && now <= ends;
}

/** The time of a moment on the clock of the area. */
export function formatHour(moment, { zone }) {
    return toLocaleDateTimeString(deserializeDateTime(moment), { showDate: false, tz: zone });
}

/** When somebody was there, if that was not all the time. */
export function formatHours({ check_in, check_out, status }, meeting) {
    const came = check_in && status === "late" && formatHour(check_in, meeting);
    const left = check_out && formatHour(check_out, meeting);
    if (came && left) {
        return _t("%(came)s to %(left)s", { came, left });
    }
    return left ? _t("until %s", left) : came || "";
}

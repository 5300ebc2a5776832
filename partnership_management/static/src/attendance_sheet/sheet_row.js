import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { formatHour, formatHours, isPresent } from "./sheet_hours";
import { STATUSES } from "./sheet_store";

const CAPACITIES = {
    titular: _t("Titular"),
    alternate: _t("Alternate"),
    member: _t("Member"),
    unmandated: _t("Without mandate"),
    vacant: _t("Nobody holds this seat"),
    guest: _t("Guest"),
    expected: "",
};

/** What was answered to the invitation. */
const ANSWERS = {
    accepted: { icon: "fa-thumbs-o-up", text: _t("Said yes") },
    tentative: { icon: "fa-question-circle-o", text: _t("Said perhaps") },
    declined: { icon: "fa-thumbs-o-down", text: _t("Said no") },
    none: { icon: "fa-envelope-o", text: _t("No answer") },
};

/** One person on the sheet, with its buttons. */
export class SheetRow extends Component {
    static template = "partnership_management.SheetRow";
    static props = {
        row: Object,
        store: Object,
        isSelected: Boolean,
        onSelect: Function,
        onTap: Function,
        onCame: Function,
        onLeft: Function,
        onDetails: Function,
    };

    setup() {
        this.statuses = STATUSES;
    }

    get group() {
        return this.props.store.group(this.props.row);
    }

    get title() {
        const { row } = this.props;
        return row.is_lead && row.member ? row.member : row.person.name;
    }

    /** Whoever is there leaves next; whoever is not, or came at an unknown time, comes. */
    get hour() {
        const { row, store } = this.props;
        if (isPresent(row) && !store.canCome(row)) {
            return {
                id: "left",
                label: _t("Left"),
                icon: "fa-sign-out",
                isOn: Boolean(row.check_out),
                isPossible: store.canLeave(row),
                tap: () => this.props.onLeft(row),
            };
        }
        return {
            id: "came",
            label: _t("Came"),
            icon: "fa-sign-in",
            isOn: false,
            isPossible: store.canCome(row),
            tap: () => this.props.onCame(row),
        };
    }

    /** The person behind the member, and in what capacity. */
    get subtitle() {
        const { row } = this.props;
        const person = row.person && row.person.name !== this.title ? row.person.name : "";
        return [person, CAPACITIES[row.capacity], row.office].filter(Boolean).join(" · ");
    }

    get notes() {
        const { row, store } = this.props;
        const notes = row.answer ? [ANSWERS[row.answer]] : [];
        if (row.mode === "remote") {
            notes.push({ icon: "fa-video-camera", text: _t("Remote") });
        }
        if (row.check_in && row.status === "present") {
            const time = formatHour(row.check_in, store.meeting);
            notes.push({ icon: "fa-mobile", text: _t("By phone, %s", time) });
        }
        const hours = isPresent(row) && formatHours(row, store.meeting);
        if (hours) {
            notes.push({ icon: "fa-clock-o", text: hours });
        }
        if (row.proxy) {
            notes.push({ icon: "fa-share", text: _t("Proxy to %s", row.proxy.name) });
        }
        if (row.reason) {
            notes.push({ icon: "fa-comment-o", text: row.reason });
        }
        if (row.substitute && !isPresent(row)) {
            notes.push({ icon: "fa-exchange", text: _t("Instead: %s", row.substitute) });
        }
        const givers = row.person ? store.givers(row.person) : [];
        if (givers.length) {
            const names = givers.map((giver) => giver.member || giver.person.name).join(", ");
            const isOver = isPresent(row) && givers.length > store.meeting.proxy_max;
            notes.push({
                icon: "fa-reply",
                text: !isPresent(row)
                    ? _t("Has the proxy of %(names)s", { names })
                    : isOver
                      ? _t("Votes for %(names)s: more than the body allows", { names })
                      : _t("Votes for %(names)s", { names }),
                isWarning: isOver,
            });
        }
        return notes;
    }
}

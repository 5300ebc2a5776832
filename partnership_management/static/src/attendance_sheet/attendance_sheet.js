import { useRef } from "@odoo/owl";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Layout } from "@web/search/layout";

import { TapScreen } from "../tap_screen/tap_screen";
import { SheetAddDialog, SheetCodeDialog, SheetRowDialog } from "./sheet_dialogs";
import { isPresent } from "./sheet_hours";
import { SheetRow } from "./sheet_row";
import { SheetStore, STATUSES } from "./sheet_store";

/** Mark who is at a meeting: one tap a person, on a tablet, a phone or by keyboard. */
export class AttendanceSheet extends TapScreen {
    static template = "partnership_management.AttendanceSheet";
    static components = { Layout, SheetRow };
    static Store = SheetStore;

    setup() {
        this.search = useRef("search");
        this.statuses = STATUSES;
        super.setup();
    }

    getInitialState() {
        return { needle: "", order: "member", groupId: false, status: false, visibleIds: null };
    }

    setupKeyboard() {
        super.setupKeyboard();
        for (const { id, key } of STATUSES) {
            useHotkey(key, () => this.selected && this.tap(this.selected, id));
        }
        useHotkey("r", () => {
            if (this.selected && isPresent(this.selected)) {
                this.store.toggleRemote(this.selected);
            }
        });
        useHotkey("c", () => this.selected && this.came(this.selected));
        useHotkey("o", () => this.selected && this.left(this.selected));
        useHotkey("d", () => this.selected && this.openDetails(this.selected));
        useHotkey("n", () => this.canWrite && this.openAdd());
    }

    // -- What is shown ----------------------------------------------------------------------

    get meeting() {
        return this.store.meeting;
    }

    get canWrite() {
        return this.meeting.state !== "cancelled";
    }

    /** Groups of rows in the chosen order; guests come last. */
    get sections() {
        const entries = this.store.entries.filter((entry) => this.isVisible(entry));
        const { order } = this.state;
        const key = ({ row }) =>
            order === "person" && row.person ? row.person.name : row.member || row.person.name;
        entries.sort((a, b) => key(a).localeCompare(key(b)) || a.row.id - b.row.id);
        const isGuest = ({ row }) => row.capacity === "guest";
        const sections = [];
        const expected = entries.filter((entry) => !isGuest(entry));
        if (order === "group") {
            for (const share of [...this.store.shares, { id: false, name: _t("No group") }]) {
                const members = expected.filter(({ row }) => row.group_id === share.id);
                sections.push({ id: `group_${share.id}`, title: share.name, entries: members });
            }
        } else {
            sections.push({ id: "expected", title: "", entries: expected });
        }
        sections.push({ id: "guests", title: _t("Guests"), entries: entries.filter(isGuest) });
        return sections.filter((section) => section.entries.length);
    }

    isVisible(entry) {
        const { needle, groupId, visibleIds } = this.state;
        return (
            (!visibleIds || visibleIds.has(entry.row.id)) &&
            (!groupId || entry.row.group_id === groupId) &&
            (!needle || this.store.matches(entry, needle))
        );
    }

    get visibleRows() {
        return this.sections.flatMap((section) =>
            section.entries.flatMap(({ row, others }) => [row, ...others])
        );
    }

    get counters() {
        const counters = [...STATUSES, { id: "not_recorded", label: _t("Unmarked") }];
        return counters.map(({ id, label }) => ({ id, label, count: this.store.countStatus(id) }));
    }

    get turnoutText() {
        const phones = this.store.countByPhone();
        return phones
            ? _t("%(there)s of %(expected)s there, %(phones)s by phone", {
                  ...this.store.turnout,
                  phones,
              })
            : _t("%(there)s of %(expected)s there", this.store.turnout);
    }

    get quorumText() {
        const { have, needed, base, reached, type } = this.store.quorum;
        const figures = { have: round(have), needed: round(needed), base: round(base) };
        if (type === "weight") {
            return reached
                ? _t("Quorum reached: %(have)s of %(base)s votes, %(needed)s needed", figures)
                : _t("No quorum: %(have)s of %(base)s votes, %(needed)s needed", figures);
        }
        return reached
            ? _t("Quorum reached: %(have)s of %(base)s seats, %(needed)s needed", figures)
            : _t("No quorum: %(have)s of %(base)s seats, %(needed)s needed", figures);
    }

    // -- What is tapped ---------------------------------------------------------------------

    tap(row, status) {
        this.state.selectedId = row.id;
        if (!this.canWrite) {
            return;
        }
        if (!row.person && ["present", "late"].includes(status)) {
            this.openDetails(row);
        } else {
            this.store.toggleStatus(row, status);
        }
    }

    came(row) {
        this.select(row);
        if (this.canWrite) {
            this.store.came(row);
        }
    }

    left(row) {
        this.select(row);
        if (this.canWrite) {
            this.store.toggleLeft(row);
        }
    }

    onKey(ev) {
        if (ev.key === "/") {
            ev.preventDefault();
            this.search.el.focus();
            this.search.el.select();
        }
    }

    onSearchKeydown(ev) {
        if (ev.key === "Escape") {
            this.state.needle = "";
            this.search.el.blur();
        } else if (["Enter", "ArrowDown"].includes(ev.key) && this.visibleRows.length) {
            ev.preventDefault();
            this.state.selectedId = this.visibleRows[0].id;
            this.search.el.blur();
        }
    }

    /** The rows that show stay as they are while they are marked: nothing moves under a finger. */
    filterStatus(status) {
        this.state.status = this.state.status === status ? false : status;
        this.state.visibleIds = this.state.status
            ? new Set(
                  this.store.entries
                      .filter(({ row, others }) =>
                          [row, ...others].some((item) => item.status === status)
                      )
                      .map(({ row }) => row.id)
              )
            : null;
    }

    filterGroup(groupId) {
        this.state.groupId = this.state.groupId === groupId ? false : groupId;
    }

    clearFilters() {
        Object.assign(this.state, { needle: "", groupId: false, status: false, visibleIds: null });
    }

    openDetails(row) {
        this.select(row);
        if (this.canWrite) {
            this.dialog.add(SheetRowDialog, { row, store: this.store });
        }
    }

    openAdd() {
        this.dialog.add(SheetAddDialog, { store: this.store });
    }

    openCode() {
        this.dialog.add(SheetCodeDialog, { store: this.store });
    }

    getHelp() {
        return {
            keys: [
                ...STATUSES.map(({ key, label }) => [key.toUpperCase(), label]),
                ["C", _t("came now")],
                ["O", _t("left now")],
                ["R", _t("remote, or in person")],
                ["D", _t("reason, proxy, came instead")],
                ["N", _t("add somebody who is not on the sheet")],
                ["/", _t("search; Enter takes the first one found")],
            ],
            text: _t(
                "Tap a status once to mark, once more to take it back. Tap the name for the reason, a proxy, or whoever came instead. While the meeting runs, “Came” and “Left” keep the time. Every tap is saved at once."
            ),
        };
    }

    async print() {
        this.action.doAction(await this.callMeeting("action_print_sign_in_sheet"));
    }

    /** Closing asks what unmarked rows stand for, unless there are none. */
    async close() {
        await this.store.flush();
        const action = await this.callMeeting("action_close_sheet");
        if (action) {
            await this.action.doAction(action, { onClose: () => this.store.refresh() });
        } else {
            await this.store.refresh();
        }
    }

    /** Opens the briefing on this meeting: a draft for those who were expected, or absent. */
    async brief() {
        await this.store.flush();
        this.action.doAction(await this.callMeeting("action_open_briefing"));
    }

    /** Leads to the votes on the decisions of this meeting. */
    async openVotes() {
        await this.store.flush();
        this.action.doAction(await this.callMeeting("action_open_votes"));
    }

    async planAgain() {
        await this.callMeeting("action_plan_meeting");
        await this.store.load();
    }
}

function round(number) {
    return Math.round(number * 100) / 100;
}

registry.category("actions").add("partnership_attendance_sheet", AttendanceSheet);

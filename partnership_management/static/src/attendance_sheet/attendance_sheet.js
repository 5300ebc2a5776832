import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { debounce } from "@web/core/utils/timing";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { SheetAddDialog, SheetCodeDialog, SheetHelpDialog, SheetRowDialog } from "./sheet_dialogs";
import { isPresent } from "./sheet_hours";
import { SheetRow } from "./sheet_row";
import { SheetStore, STATUSES } from "./sheet_store";

// What the bus does not bring, as where it is not allowed through
const REFRESH_INTERVAL = 10000;
const SHEET_CHANNEL = "partnership_sheet";

/** Mark who is at a meeting: one tap a person, on a tablet, a phone or by keyboard. */
export class AttendanceSheet extends Component {
    static template = "partnership_management.AttendanceSheet";
    static components = { Layout, SheetRow };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.orm = useService("orm");
        this.root = useRef("root");
        this.search = useRef("search");
        this.statuses = STATUSES;
        this.meetingId = this.props.action.context.active_id;
        this.notification = useService("notification");
        const { orm, notification } = this;
        this.store = useState(new SheetStore({ orm, notification }, this.meetingId));
        this.state = useState({
            needle: "",
            order: "member",
            groupId: false,
            status: false,
            visibleIds: null,
            selectedId: false,
        });
        onWillStart(() => this.meetingId && this.store.load());
        onMounted(() => {
            this.timer = browser.setInterval(() => this.refresh(), REFRESH_INTERVAL);
        });
        onWillUnmount(() => {
            browser.clearInterval(this.timer);
            this.store.isStopped = true;
        });
        this.setupBus();
        useSetupAction({
            beforeLeave: () => this.leave(),
            beforeUnload: (ev) => this.store.queue.length && ev.preventDefault(),
        });
        this.setupKeyboard();
    }

    /** Whoever checks in by phone, or is marked on another tablet, shows at once. */
    setupBus() {
        const bus = useService("bus_service");
        const channel = `${SHEET_CHANNEL}_${this.meetingId}`;
        const refresh = debounce(() => this.store.isStopped || this.refresh(), 300);
        const onChange = ({ meeting_id }) => meeting_id === this.meetingId && refresh();
        onMounted(() => {
            bus.addChannel(channel);
            bus.subscribe(SHEET_CHANNEL, onChange);
        });
        onWillUnmount(() => {
            bus.unsubscribe(SHEET_CHANNEL, onChange);
            bus.deleteChannel(channel);
        });
    }

    setupKeyboard() {
        for (const { id, key } of STATUSES) {
            useHotkey(key, () => this.selected && this.tap(this.selected, id));
        }
        useHotkey("arrowdown", () => this.move(1), { allowRepeat: true });
        useHotkey("arrowup", () => this.move(-1), { allowRepeat: true });
        useHotkey("r", () => {
            if (this.selected && isPresent(this.selected)) {
                this.store.toggleRemote(this.selected);
            }
        });
        useHotkey("c", () => this.selected && this.came(this.selected));
        useHotkey("o", () => this.selected && this.left(this.selected));
        useHotkey("d", () => this.selected && this.openDetails(this.selected));
        useHotkey("n", () => this.canWrite && this.openAdd());
        useHotkey("u", () => this.undo());
        useHotkey("control+z", () => this.undo());
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev));
    }

    async refresh() {
        if (document.visibilityState === "visible" && this.meetingId) {
            await this.store.refresh();
        }
    }

    /** Taps that wait for a connection would be lost. */
    async leave() {
        if (!this.store.isOffline) {
            await this.store.flush();
        }
        if (this.store.queue.length) {
            this.notification.add(
                _t("Stay here until there is a connection: some taps are not saved yet."),
                { type: "warning" }
            );
        }
        return !this.store.queue.length;
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

    get selected() {
        return this.visibleRows.find((row) => row.id === this.state.selectedId);
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

    select(row) {
        this.state.selectedId = row.id;
    }

    move(step) {
        const rows = this.visibleRows;
        const index = rows.findIndex((row) => row.id === this.state.selectedId);
        const next = rows[Math.min(Math.max(index + step, 0), rows.length - 1)];
        if (next) {
            this.state.selectedId = next.id;
            this.scrollTo(next);
        }
    }

    scrollTo(row) {
        this.root.el
            .querySelector(`.o_sheet_row[data-id="${row.id}"]`)
            ?.scrollIntoView({ block: "nearest" });
    }

    /** Keys that the hotkey service does not know. */
    onKeydown(ev) {
        const isTyping = ev.target.closest?.("input, textarea, select, [contenteditable=true]");
        if (isTyping || this.env.services.ui.activeElement !== document || !this.meeting) {
            return;
        }
        if (ev.key === "/") {
            ev.preventDefault();
            this.search.el.focus();
            this.search.el.select();
        } else if (ev.key === "?") {
            this.openHelp();
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

    async undo() {
        const step = await this.store.undo();
        const id = step?.changes[0]?.[0][0];
        const row = id && this.store.rows.find((item) => item.id === id);
        if (row) {
            this.state.selectedId = id;
            this.scrollTo(row);
        }
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

    openHelp() {
        this.dialog.add(SheetHelpDialog);
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

    async planAgain() {
        await this.callMeeting("action_plan_meeting");
        await this.store.load();
    }

    callMeeting(method) {
        return this.orm.call("calendar.event", method, [[this.meetingId]]);
    }
}

function round(number) {
    return Math.round(number * 100) / 100;
}

registry.category("actions").add("partnership_attendance_sheet", AttendanceSheet);

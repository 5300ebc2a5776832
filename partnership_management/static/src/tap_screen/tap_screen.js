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
import { useService } from "@web/core/utils/hooks";
import { debounce } from "@web/core/utils/timing";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { TapHelpDialog } from "./tap_help";

// What the bus does not bring, as where it is not allowed through
const REFRESH_INTERVAL = 10000;
const SHEET_CHANNEL = "partnership_sheet";

/**
 * A screen of one meeting with a row for each that is tapped: it shows what others tap, goes
 * through the rows by keyboard, and is not left while taps wait for a connection.
 */
export class TapScreen extends Component {
    static props = { ...standardActionServiceProps };
    static Store = null; // see tap_store.js

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.meetingId = this.props.action.context.active_id;
        const { orm, notification } = this;
        this.store = useState(new this.constructor.Store({ orm, notification }, this.meetingId));
        this.state = useState({ selectedId: false, ...this.getInitialState() });
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
        useHotkey("arrowdown", () => this.move(1), { allowRepeat: true });
        useHotkey("arrowup", () => this.move(-1), { allowRepeat: true });
        useHotkey("u", () => this.undo());
        useHotkey("control+z", () => this.undo());
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev));
    }

    /** Keys that the hotkey service does not know. */
    onKeydown(ev) {
        const isTyping = ev.target.closest?.("input, textarea, select, [contenteditable=true]");
        if (isTyping || this.env.services.ui.activeElement !== document || !this.store.meeting) {
            return;
        }
        if (ev.key === "?") {
            this.openHelp();
        } else {
            this.onKey(ev);
        }
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

    get selected() {
        return this.visibleRows.find((row) => row.id === this.state.selectedId);
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

    async undo() {
        const step = await this.store.undo();
        const id = step?.changes[0]?.[0][0];
        const row = id && this.store.rows.find((item) => item.id === id);
        if (row) {
            this.state.selectedId = id;
            this.scrollTo(row);
        }
    }

    openHelp() {
        this.dialog.add(TapHelpDialog, this.getHelp());
    }

    callMeeting(method) {
        return this.orm.call("calendar.event", method, [[this.meetingId]]);
    }

    // -- What each screen says ----------------------------------------------------------------

    getInitialState() {
        return {};
    }

    /** The rows that show, in their order. */
    get visibleRows() {
        throw new Error("Say which rows show");
    }

    /** @returns {{keys: Array, text: string}} the keys of its own, and what else is to be known */
    getHelp() {
        return { keys: [], text: "" };
    }

    /** @param {KeyboardEvent} ev outside of fields and dialogs */
    onKey() {}
}

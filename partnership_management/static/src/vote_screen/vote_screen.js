import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Layout } from "@web/search/layout";

import { TapScreen } from "../tap_screen/tap_screen";
import { VoteCloseDialog, VoteDeferDialog, VoteHandsDialog } from "./vote_dialogs";
import { VoteRow } from "./vote_row";
import { CHOICES, VoteStore } from "./vote_store";

/** Take the votes on the decisions of a meeting: a tap a seat, or hands that were counted. */
export class VoteScreen extends TapScreen {
    static template = "partnership_management.VoteScreen";
    static components = { Dropdown, DropdownItem, Layout, VoteRow };
    static Store = VoteStore;

    setup() {
        super.setup();
        const { chosen } = this.props.action.context;
        if (chosen) {
            this.store.chosen = [chosen];
        }
    }

    getInitialState() {
        return { isPanelOpen: false };
    }

    setupKeyboard() {
        super.setupKeyboard();
        for (const { id, key } of CHOICES) {
            useHotkey(key, () => this.selected && this.tap(this.selected, id));
        }
    }

    // -- What is shown ----------------------------------------------------------------------

    get meeting() {
        return this.store.meeting;
    }

    get chosen() {
        return this.store.chosenDecisions;
    }

    get pending() {
        return this.store.inState("draft", "open", "interrupted");
    }

    /** The seats of each interest group. */
    get sections() {
        const { groups, rows } = this.store;
        return [...groups, { id: false, name: _t("No group"), color: 0 }]
            .map((group) => ({ group, rows: rows.filter((row) => row.group_id === group.id) }))
            .filter((section) => section.rows.length);
    }

    get visibleRows() {
        return this.sections.flatMap((section) => section.rows);
    }

    /** Hands are counted for one decision, whose votes are neither secret nor hidden. */
    get handsDecision() {
        const [decision, ...others] = this.store.inState("open");
        return !others.length && decision?.hands.length ? decision : null;
    }

    get canRepeat() {
        return this.store.last && !this.chosen.some((decision) => decision.is_secret);
    }

    resultClass({ live }) {
        if (!live.voted && !live.hands) {
            return "text-bg-light";
        }
        return live.result === "adopted" ? "text-bg-success" : "text-bg-danger";
    }

    votedText({ live }) {
        return live.hands
            ? _t("%(voted)s by name, %(hands)s hands, of %(able)s", live)
            : _t("%(voted)s of %(able)s have voted", live);
    }

    // -- What is tapped ---------------------------------------------------------------------

    tap(row, choice) {
        this.select(row);
        this.store.toggleChoice(row, choice);
    }

    open() {
        const ids = this.store.inState("draft", "interrupted").map(({ id }) => id);
        return this.store.settle("vote_screen_open", ids);
    }

    settle(step) {
        const isOpen = step === "interrupt";
        const decisions = isOpen ? this.store.inState("open") : this.pending;
        const ids = decisions.map(({ id }) => id);
        const settle = () => this.store.settle("vote_screen_settle", ids, step);
        if (isOpen) {
            return settle();
        }
        const names = decisions.map(({ name }) => name).join(", ");
        this.dialog.add(ConfirmationDialog, {
            title: step === "withdraw" ? _t("Withdraw") : _t("Not put"),
            body:
                step === "withdraw"
                    ? _t("%(names)s: nothing is decided, and it stays as withdrawn.", { names })
                    : _t("%(names)s: an alternative was adopted, and it is not put.", { names }),
            confirm: settle,
            cancel: () => {},
        });
    }

    defer() {
        const ids = this.pending.map(({ id }) => id);
        this.dialog.add(VoteDeferDialog, { ids, store: this.store });
    }

    async close() {
        await this.store.flush();
        await this.store.refresh();
        this.dialog.add(VoteCloseDialog, { store: this.store });
    }

    openHands() {
        this.dialog.add(VoteHandsDialog, { decision: this.handsDecision, store: this.store });
    }

    /** A question that nobody has thought of ahead. */
    addDecision() {
        const action = {
            type: "ir.actions.act_window",
            name: _t("New Decision"),
            res_model: "partnership.decision",
            views: [[false, "form"]],
            target: "new",
            context: { default_event_id: this.meetingId },
        };
        this.action.doAction(action, { onClose: () => this.store.refresh() });
    }

    async sendLinks() {
        try {
            this.notification.add(await this.store.rpc("vote_screen_send_links"));
        } catch (error) {
            this.store.notifyRefusal(error);
        }
    }

    getHelp() {
        return {
            keys: CHOICES.map(({ key, label }) => [key.toUpperCase(), label]),
            text: _t(
                "Tap a vote once to give it, once more to take it back; a secret vote stays. Tick several decisions to take their votes at once. Every tap is saved at once."
            ),
        };
    }

    openDecision(decision) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "partnership.decision",
            res_id: decision.id,
            views: [[false, "form"]],
        });
    }

    async openSheet() {
        await this.store.flush();
        this.action.doAction(await this.callMeeting("action_open_sheet"));
    }
}

registry.category("actions").add("partnership_vote_screen", VoteScreen);

import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";

/** The keys of a screen: those of all, and those of its own. */
export class TapHelpDialog extends Component {
    static template = "partnership_management.TapHelpDialog";
    static components = { Dialog };
    static props = { keys: Array, text: String, close: Function };

    setup() {
        this.keys = [
            ["↑ ↓", _t("choose a row")],
            ...this.props.keys,
            ["U, Ctrl+Z", _t("undo the last tap, and the one before")],
            ["?", _t("this list")],
        ];
    }
}

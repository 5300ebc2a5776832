import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatPercentage } from "@web/views/fields/formatters";
import { PercentageField, percentageField } from "@web/views/fields/percentage/percentage_field";

/** A share that may be missing: a percentage shows 0 % where there is none, which is another thing. */
function formatShare(value, options = {}) {
    return typeof value === "number" ? formatPercentage(value, options) : "–";
}

/** A rate that has too few cases behind it to say anything is missing. */
function formatRate(value, options = {}) {
    return typeof value === "number" ? formatPercentage(value, options) : _t("not enough data");
}
formatShare.extractOptions = formatRate.extractOptions = formatPercentage.extractOptions;

class ShareField extends PercentageField {
    get formattedValue() {
        return formatShare(this.props.record.data[this.props.name], this.props);
    }
}

const shareField = { ...percentageField, component: ShareField };
registry.category("fields").add("partnership_share", shareField);
registry.category("fields").add("partnership_rate", shareField);
registry.category("formatters").add("partnership_share", formatShare);
registry.category("formatters").add("partnership_rate", formatRate);

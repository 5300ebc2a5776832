"""What the web client asks for when somebody opens a board of cards in columns."""

import ast

from lxml import etree

# What a widget of a card reads besides its field: of the card, and of the records of the field
FROM_CARD = {
    "kanban_activity": [
        "activity_exception_decoration",
        "activity_exception_icon",
        "activity_state",
        "activity_summary",
        "activity_type_icon",
        "activity_type_id",
    ]
}
FROM_RECORDS = {"many2many_tags": lambda options: ["display_name", options.get("color_field")]}


class Board:
    def __init__(self, env, user, action, domain=()):
        """:param action: XML id of the action that shows the board first
        :param domain: the filter that is set
        """
        self.action = env.ref(action)
        self.Model = env[self.action.res_model].with_user(user)
        self.context = {
            "lang": user.lang,
            "tz": user.tz,
            "uid": user.id,
            "allowed_company_ids": user.company_ids.ids,
        }
        given = ast.literal_eval(self.action.context.strip())
        self.given = {
            key: value for key, value in given.items() if not key.startswith("search_default_")
        }
        self.domain = [*ast.literal_eval(self.action.domain or "[]"), *domain]

    def open(self):
        """Read views, columns, cards and the bars of the columns.

        :return: list of columns with their cards, dict of bars
        """
        arch = etree.fromstring(self.get_views()["views"]["kanban"]["arch"])
        return self.read_columns(arch), self.read_bars(arch)

    def get_views(self):
        views = [(view or False, kind) for view, kind in self.action.views]
        search = (self.action.search_view_id.id, "search")
        options = {
            "action_id": self.action.id,
            "embedded_action_id": False,
            "embedded_parent_res_id": False,
            "load_filters": True,
            "toolbar": True,
        }
        Model = self.Model.with_context(self.context)
        return Model.get_views(views=[*views, search], options=options)

    def read_columns(self, arch):
        context = {**self.context, **self.given}
        return self.Model.with_context(context, read_group_expand=True).web_read_group(
            domain=self.domain,
            groupby=[arch.get("default_group_by")],
            aggregates=self.get_aggregates(arch),
            offset=0,
            order="",
            auto_unfold=True,
            opening_info=[],
            unfold_read_specification=self.get_specification(arch),
            unfold_read_default_limit=int(arch.get("limit") or self.action.limit),
            groupby_read_specification={},
        )["groups"]

    def read_bars(self, arch):
        bar = arch.find("progressbar")
        return self.Model.with_context({**self.context, **self.given}).read_progress_bar(
            domain=self.domain,
            group_by=arch.get("default_group_by"),
            progress_bar={
                "colors": ast.literal_eval(bar.get("colors")),
                "field": bar.get("field"),
                "help": bar.get("help"),
            },
        )

    def get_aggregates(self, arch):
        """Sums of the columns; of amounts also their currencies."""
        fields = [self.Model._fields[name] for name in self.get_summed(arch)]
        amounts = [field for field in fields if field.type == "monetary"]
        aggregates = [
            *[f"{field.name}:{field.aggregator}" for field in fields],
            *[f"{field.currency_field}:array_agg_distinct" for field in amounts],
            *[f"{field.name}:sum_currency" for field in amounts],
        ]
        return list(dict.fromkeys(aggregates))

    def get_summed(self, arch):
        bar = arch.find("progressbar")
        names = [bar.get("sum_field"), bar.get("recurring_revenue_sum_field")]
        return [name for name in names if name]

    def get_specification(self, arch):
        """:return: what is read of each card, as :meth:`web_read` takes it"""
        found = {arch.get("highlight_color"): {}} | dict.fromkeys(self.get_summed(arch), {})
        for node in arch.iter("field"):
            found.setdefault(node.get("name"), self.get_parts(node))
            for name in FROM_CARD.get(node.get("widget"), ()):
                found.setdefault(name, self.get_parts(etree.Element("field", name=name)))
        return found

    def get_parts(self, node):
        """:return: what is read of the records of a field"""
        field = self.Model._fields[node.get("name")]
        if not field.relational:
            return {}
        if field.type == "many2one":
            return {"fields": {"display_name": {}}}
        options = ast.literal_eval(node.get("options") or "{}")
        names = FROM_RECORDS.get(node.get("widget"), lambda options: ())(options)
        return {"fields": {name: {} for name in names if name}}

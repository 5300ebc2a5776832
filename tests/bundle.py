"""For Odoo's shell: bundle the scripts and styles that pages and tests load.

`./dev test` does it once for all browser tests; each would otherwise do it for itself, since what
a test writes to the database is undone. Odoo names a bundle by its content, so those of an earlier
database are offered to it first, and only what has changed is bundled again.
"""

import pickle
from pathlib import Path

from odoo.tools import config

env = env  # noqa: F821, PLW0127 - given by the shell
attachments = env["ir.attachment"]
kept = Path(config["data_dir"], "bundles.pickle")
if kept.exists():
    attachments.create(pickle.loads(kept.read_bytes()))

qweb = env["ir.qweb"]
scripts, styles = qweb._get_bundles_to_pregenarate()
scripts |= {"web.assets_tests", "bus.websocket_worker_assets"}
scripts |= {"web.assets_unit_tests_setup", "web.assets_unit_tests"}
for name in scripts | {"web_tour.automatic", "web_tour.interactive"}:
    qweb._get_asset_bundle(name, css=False).js()
for name in styles:
    for prefixed in {False, name.startswith("web.report_assets")}:  # as reports ask for them
        qweb._get_asset_bundle(name, js=False, autoprefix=prefixed).css()
env.cr.commit()

fields = ("name", "url", "mimetype", "raw", "public", "res_model", "res_id")
found = attachments.search([("url", "=like", "/web/assets/%")])
kept.with_suffix(".new").write_bytes(pickle.dumps([{f: a[f] for f in fields} for a in found]))
kept.with_suffix(".new").rename(kept)

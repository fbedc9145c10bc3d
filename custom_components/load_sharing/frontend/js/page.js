// The page /load-sharing-dashboard: goes to the dashboard, or adds it.

import { build, common, goTo, loadWords, text } from "./dom.js";

const STRATEGY = "custom:load-sharing";

const STYLE = `
	:host { display: grid; place-items: center; min-height: 80%; padding: 24px; }
	ha-card { max-width: 460px; padding: 28px; display: grid; gap: 16px;
		justify-items: start; line-height: 1.5; color: var(--primary-text-color); }
	h1 { margin: 0; font-size: 22px; font-weight: 500; }
	p { margin: 0; }
	button { font: inherit; font-weight: 500; padding: 12px 20px; border: 0;
		border-radius: 24px; cursor: pointer; background: #0b5394; color: #fff; }
	p:empty { display: none; }
`;

class DashboardPage extends HTMLElement {
	set hass(hass) {
		const first = !this._hass;
		this._hass = hass;
		if (first) this._open().catch(() => (this._hass = undefined));
	}

	async _open() {
		const dashboards = await this._hass.callWS({ type: "lovelace/dashboards/list" });
		for (const { url_path: path } of dashboards) {
			const config = await this._hass
				.callWS({ type: "lovelace/config", url_path: path, force: false })
				.catch(() => null);
			if (config?.strategy?.type === STRATEGY) {
				goTo(path);
				return;
			}
		}
		this._taken = new Set(dashboards.map((dashboard) => dashboard.url_path));
		this._offer(await loadWords(this._hass));
	}

	_offer(localize) {
		const word = (key, values) => localize(common(key), values) || key;
		const markup =
			'<ha-card><h1></h1><p></p><button></button><p role="alert"></p></ha-card>';
		const [title, what, button, problem] = build(this, STYLE, markup).children;
		text(title, word("board_open_title"));
		text(what, word("board_open_text"));
		text(button, word("board_add"));
		button.onclick = async () => {
			button.disabled = true;
			try {
				await this._add();
			} catch (error) {
				button.disabled = false;
				text(problem, word("board_failed", { error: error?.message ?? "" }));
			}
		};
	}

	async _add() {
		let path = "load-sharing";
		for (let count = 2; this._taken.has(path); count += 1) path = `load-sharing-${count}`;
		await this._hass.callWS({
			type: "lovelace/dashboards/create",
			url_path: path,
			title: "Load Sharing",
			icon: "mdi:scale-balance",
			show_in_sidebar: true,
			require_admin: false,
			mode: "storage",
		});
		await this._hass.callWS({
			type: "lovelace/config/save",
			url_path: path,
			config: { strategy: { type: STRATEGY } },
		});
		goTo(path);
	}
}

customElements.define("load-sharing-dashboard-page", DashboardPage);

// A card that follows a site. Each has static fields: half, words (how its keys begin),
// icon, style, markup.

import { STYLE, attribute, build, common, html, list, loadWords, text } from "./dom.js";

const SPOKEN_EVERY_MS = 10000;
const NOT_ALLOWED = "card_not_allowed";

export class LiveCard extends HTMLElement {
	static getConfigForm() {
		return {
			schema: [
				{ name: "title", selector: { text: {} } },
				{
					name: "entry_id",
					selector: { config_entry: { integration: "load_sharing" } },
				},
				{ name: "details", default: true, selector: { boolean: {} } },
			],
			computeLabel: (field, localize) => localize(common(`card_option_${field.name}`)),
		};
	}

	setConfig(config) {
		const other = this._config?.entry_id !== config.entry_id;
		this._config = config;
		if (other) this._follow();
		this._redraw();
	}

	set hass(hass) {
		const before = this._hass;
		this._hass = hass;
		if (this._language !== hass.language) {
			this._language = hass.language;
			loadWords(hass).then(
				(localize) => {
					this._localize = localize;
					this._redraw();
				},
				() => (this._language = undefined),
			);
		} else if (["localize", "themes", "locale"].some((key) => before[key] !== hass[key])) {
			this._redraw();
		}
		if (before?.connection !== hass.connection) this._follow();
	}

	connectedCallback() {
		this._follow();
		this._ticking = setInterval(() => this._tick(), 1000);
	}

	disconnectedCallback() {
		clearInterval(this._ticking);
		this._unfollow();
	}

	getCardSize() {
		return 6;
	}

	getGridOptions() {
		return { columns: "full", min_columns: 6 };
	}

	word(key, values) {
		return this.said(common(key), values) || key;
	}

	said(key, values) {
		return this._hass.localize(key, values) || this._localize(key, values) || "";
	}

	async _follow() {
		this._unfollow();
		if (!this.isConnected || !this._hass || !this._config) return;
		const turn = (this._turn = {});
		this._problem = this._picture = undefined;
		try {
			const entryId = this._config.entry_id || (await this._firstSite());
			if (turn !== this._turn) return;
			if (!entryId) throw { problem: `${this.constructor.words}_none` };
			const stop = await this._hass.connection.subscribeMessage(
				(picture) => this._receive(turn, picture),
				{ type: "load_sharing/subscribe", entry_id: entryId },
			);
			if (turn === this._turn) this._stop = stop;
			else stop();
		} catch (error) {
			if (turn !== this._turn) return;
			const hidden = error?.code === "unauthorized";
			this._problem = error?.problem ?? (hidden ? NOT_ALLOWED : "card_no_site");
			this._redraw();
		}
	}

	_unfollow() {
		this._turn = undefined;
		this._stop?.().catch?.(() => {});
		this._stop = undefined;
	}

	async _firstSite() {
		const sites = await this._hass.callWS({ type: "load_sharing/sites" });
		return sites.find((site) => site[this.constructor.half])?.entry_id;
	}

	_receive(turn, picture) {
		if (turn !== this._turn) return;
		this._picture = picture;
		this._problem = picture.allowed ? undefined : NOT_ALLOWED;
		this._receivedMs = Date.now();
		this._redraw();
	}

	_redraw() {
		if (!this._localize || !this._config) return;
		if (!this._card) this._build();
		const half = this._picture?.[this.constructor.half];
		let problem = this._problem;
		if (this._picture && !half) {
			problem ??= this._picture.running ? "card_no_site" : "card_not_running";
		}
		text(this._title, this._config.title || this.word(`${this.constructor.words}_name`));
		attribute(this._card, "class", this._hass.themes?.darkMode ? "dark" : "");
		this._body.hidden = !half || Boolean(problem);
		let sentence = problem ? this.word(problem) : "";
		if (!this._body.hidden) {
			this._card.classList.toggle("bad", Boolean(this.update(half)));
			sentence = this._moment(half);
		}
		this._sentence.hidden = !sentence;
		text(this._text, sentence);
		this._speak(problem ?? half?.moment?.key ?? sentence, sentence);
	}

	/** The sentence that explains the moment, and what comes next. */
	_moment(half) {
		const { key, placeholders } = half.moment;
		return `${this.said(common(key), placeholders)} ${this.outlook(half)}`.trim();
	}

	outlook() {
		return "";
	}

	/** Screen readers hear a new kind of moment, not every second of it. */
	_speak(kind, sentence) {
		if (kind === this._spoken || Date.now() < (this._speaksMs ?? 0)) return;
		this._spoken = kind;
		this._speaksMs = Date.now() + SPOKEN_EVERY_MS;
		text(this._heard, sentence);
	}

	_tick() {
		const half = this._picture?.[this.constructor.half];
		if (half && this.outlook(half)) this._redraw();
	}

	_build() {
		this._card = build(
			this,
			STYLE + this.constructor.style,
			`<ha-card><h2></h2>
				<p class="sentence"><ha-icon aria-hidden="true"></ha-icon><span></span></p>
				<div class="body">${this.constructor.markup}</div>
				<div class="heard" aria-live="polite"></div></ha-card>`,
		);
		[this._title, this._sentence, this._body, this._heard] = this._card.children;
		this._text = this._sentence.lastChild;
		attribute(this._sentence.firstChild, "icon", this.constructor.icon);
	}

	get(name) {
		return this.shadowRoot.querySelector(`.${name}`);
	}

	rows(name, title, items, markup, update) {
		const section = this.get(name);
		section.hidden = !items.length;
		text(section.firstChild, this.word(title));
		list(
			section.lastChild,
			items,
			(item) => {
				const row = html(`<li><button class="row" type="button">${markup}</button></li>`);
				row.firstChild.addEventListener("click", () => this.open(item.id));
				return row;
			},
			(row, item) => update(row.firstChild, item),
		);
	}

	/** Show all about a part of the site: its own entity is under an empty ID. */
	open(id) {
		const entityId = this._picture.entities[id];
		if (!entityId) return;
		const event = { detail: { entityId }, bubbles: true, composed: true };
		this.dispatchEvent(new CustomEvent("hass-more-info", event));
	}
}

export const ROWS = "<h3></h3><ul class=\"rows\"></ul>";
export const WHAT =
	'<span class="what"><span class="name"></span><span class="soft"></span></span>';
export const VALUE =
	'<span class="value"><strong></strong><span class="soft"></span></span>';

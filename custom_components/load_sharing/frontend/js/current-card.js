// "Where the current goes": a bar for each phase, the circuits, the chargers.

import { LiveCard, ROWS, VALUE, WHAT } from "./live-card.js";
import { attribute, html, list, nameOf, number, stateOf, text } from "./dom.js";

/** The bar ends beyond its limit, so that an overload has somewhere to be seen. */
const BEYOND = 1.1;
const LABELLED = 0.09;

// Each has a contrast of 4.5 or more to the card, and to the text on it.
const LIGHT = "1565c0 1b7340 8e24aa a84a12 00707a b0175f 5d4037 3949ab".split(" ");
const DARK = "64b5f6 81c784 ce93d8 ffb74d 4dd0e1 f48fb1 bcaaa4 9fa8da".split(" ");
const PATTERNS = 5;

const PHASE = `<div class="phase"><span class="name"></span>
	<div class="bar" role="img"><div class="parts"></div><div class="free"></div><div
	class="over"></div><div class="limit"></div></div><span class="sum"></span></div>`;
const CIRCUIT = `<span class="what"><span class="name"></span><span class="bar thin"><span
	class="part paint house"></span><span class="limit"></span></span></span><span
	class="value"></span>`;
const CHARGER = `<i class="swatch paint" aria-hidden="true"></i>${WHAT}${VALUE}`;

const STYLE = `
	.parts { display: contents; } b { font-weight: inherit; }
	.phases { display: grid; gap: 10px; }
	.phase { display: grid; grid-template-columns: auto 1fr auto; gap: 4px 12px;
		align-items: center; }
	.phase .name { min-width: 1.6em; font-weight: 500; }
	.phase .sum { min-width: 6.5em; text-align: end; }
	@container (max-width: 420px) {
		.phase { grid-template-columns: 1fr auto; }
		.phase .bar { grid-row: 2; grid-column: 1 / -1; } }
	.bar { position: relative; display: flex; height: 36px; overflow: hidden;
		border-radius: 8px; background: var(--track); }
	.bar.thin { height: 12px; border-radius: 6px; }
	.part { position: relative; flex: none; width: 0; box-sizing: border-box;
		display: flex; align-items: center; justify-content: center; overflow: hidden;
		transition: width .8s ease; }
	.part:not(:last-child) { border-inline-end: 2px solid var(--edge); }
	.part span, .free { font-size: 13px; font-weight: 500; white-space: nowrap; }
	.part span { padding: 0 5px; border-radius: 5px; background: var(--colour);
		color: var(--ink); }
	.paint { background-color: var(--colour); }
	.ink { --ink: #fff; } .dark .ink { --ink: #111; }
	.house { --colour: #5b6770; } .dark .house { --colour: #b0bec5; }
	.p1 { --turn: 45deg; } .p3 { --turn: 90deg; } .p4 { --turn: -45deg; }
	.p1, .p3, .p4 { background-image: repeating-linear-gradient(var(--turn),
		transparent 0 6px, var(--line) 6px 9px); }
	.p2 { background-image: radial-gradient(var(--line) 26%, transparent 28%);
		background-size: 8px 8px; }
	ha-card { --line: rgba(255, 255, 255, .45); } ha-card.dark { --line: rgba(0, 0, 0, .4); }
	.free, .limit, .over { position: absolute; inset-block: 0; }
	.free { display: flex; align-items: center;
		padding-inline-start: 8px; color: var(--soft); transition: inset-inline-start .8s ease; }
	.limit { width: 3px; margin-inline-start: -1px;
		background: currentcolor; transition: inset-inline-start .8s ease; }
	.over { width: 0; opacity: 0;
		background: repeating-linear-gradient(45deg, var(--bad) 0 6px, var(--on-bad) 6px 9px);
		transition: width .8s ease, inset-inline-start .8s ease, opacity .4s; }
	.too-much .sum, .too-much .value { color: var(--bad); font-weight: 600; }
	.too-much .over { opacity: 1; }
	.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; color: var(--soft);
		font-size: 13px; }
	.legend > span { display: flex; align-items: center; gap: 6px; }
	.swatch { flex: none; width: 16px; height: 16px; border-radius: 4px; }
	.swatch.empty { background: var(--track); box-shadow: inset 0 0 0 1px var(--soft); }
	.swatch.mark { width: 3px; border-radius: 0; background: var(--primary-text-color); }
	.row .swatch { width: 24px; height: 24px; border-radius: 8px; }
	.row .bar { display: flex; margin-top: 5px; }
	.row.flowing .swatch { animation: flow 1.6s ease-out infinite; }
	@keyframes flow { from { box-shadow: 0 0 0 0 var(--colour); }
		to { box-shadow: 0 0 0 8px transparent; } }
`;

class CurrentCard extends LiveCard {
	static half = "charging";
	static words = "card_current";
	static icon = "mdi:lightning-bolt";
	static style = STYLE;
	static markup = `<div class="phases"></div>
		<div class="legend" aria-hidden="true">
			<span><i class="swatch paint house"></i><b></b></span>
			<span><i class="swatch empty"></i><b></b></span>
			<span><i class="swatch mark"></i><b></b></span>
		</div>
		<section class="circuits">${ROWS}</section><section class="chargers">${ROWS}</section>`;

	outlook(charging) {
		const { key } = charging.moment;
		if (key !== "charging_raised" && key !== "charging_rising") return "";
		const [next] = charging.chargers
			.map((charger) => ({ charger: charger.name, seconds: this._rises(charger) }))
			.filter((one) => one.seconds > 0)
			.sort((one, two) => one.seconds - two.seconds);
		return next ? this.word("card_rises_in", next) : "";
	}

	_rises(charger) {
		const wait = charger.rises_in_s;
		return wait === null ? 0 : Math.round(wait - (Date.now() - this._receivedMs) / 1000);
	}

	update(charging) {
		const colours = this._hass.themes?.darkMode ? DARK : LIGHT;
		this._looks = new Map(
			charging.chargers.map(({ id, name }, index) => [
				id,
				{
					name,
					colour: `#${colours[index % colours.length]}`,
					pattern: `p${index % PATTERNS}`,
				},
			]),
		);
		const words = ["card_house", "card_free", "card_limit"];
		this.shadowRoot
			.querySelectorAll(".legend b")
			.forEach((label, index) => text(label, this.word(words[index])));
		const most = Math.max(0, ...charging.phases.map((phase) => phase.service_a ?? 0));
		const full = Math.max(charging.limit_a * BEYOND, most * 1.02, 1);
		list(
			this.get("phases"),
			charging.phases,
			() => html(PHASE),
			(row, phase) => this._phase(row, phase, charging, full),
		);
		this.rows("circuits", "card_circuits", charging.circuits, CIRCUIT, (row, circuit) =>
			this._circuit(row, circuit),
		);
		const chargers = this._config.details === false ? [] : charging.chargers;
		this.rows("chargers", "card_chargers", chargers, CHARGER, (row, charger) =>
			this._charger(row, charger),
		);
		return charging.overloaded;
	}

	number(value) {
		return number(this._hass, value);
	}

	amps(value) {
		return this.word("card_amps", { amps: this.number(value) });
	}

	used(used, limit) {
		const amounts = { used: this.number(used), limit: this.number(limit) };
		return this.word("card_of", amounts);
	}

	/** The parts of a phase's bar. They add up to what comes from the supply. */
	_parts(phase) {
		const cars = Object.entries(phase.chargers).map(([id, amps]) => ({ id, amps }));
		const taken = cars.reduce((sum, car) => sum + car.amps, 0);
		// What a car takes beyond the supply's current is produced in the house.
		const supplied = Math.max(0, phase.service_a ?? taken);
		const share = taken > 0 ? Math.min(1, supplied / taken) : 1;
		const house = phase.house_a ?? 0;
		return [
			{ id: "", amps: house, shown: house },
			...cars.map((car) => ({ ...car, shown: car.amps * share })),
		];
	}

	_phase(row, phase, charging, full) {
		const [label, bar, sum] = row.children;
		const [boxes, free, over, limit] = bar.children;
		const parts = this._parts(phase);
		const total = parts.reduce((all, part) => all + part.shown, 0);
		const percent = (amps) => `${(100 * amps) / full}%`;
		const several = charging.phases.length > 1;
		const name = several ? phase.phase.toUpperCase() : this.word("card_supply");
		const usable = charging.usable_a;
		row.classList.toggle("too-much", total > usable + 0.05);
		text(label, name);
		list(
			boxes,
			parts,
			() => html('<div><span></span></div>'),
			(box, part) => {
				const look = this._looks.get(part.id);
				attribute(box, "class", `part paint ink ${look?.pattern ?? "house"}`);
				if (look) box.style.setProperty("--colour", look.colour);
				box.style.width = percent(part.shown);
				box.style.borderWidth = part.shown ? "" : "0";
				const fits = part.shown / full > LABELLED;
				text(box.firstChild, this.number(part.amps));
				box.firstChild.hidden = !fits;
			},
		);
		free.style.insetInlineStart = percent(total);
		const roomy = phase.free_a !== null && phase.free_a / full > LABELLED;
		text(free, roomy ? this.number(phase.free_a) : "");
		limit.style.insetInlineStart = percent(usable);
		over.style.insetInlineStart = percent(Math.min(usable, total));
		over.style.width = percent(Math.max(0, total - usable));
		const used = this._sum(phase, usable);
		text(sum, total > usable + 0.05 ? `⚠ ${used}` : used);
		const said = parts.map(
			({ id, amps }) =>
				`${this._looks.get(id)?.name ?? this.word("card_house")} ${this.amps(amps)}`,
		);
		if (phase.free_a !== null) {
			said.push(`${this.word("card_free")} ${this.amps(phase.free_a)}`);
		}
		attribute(bar, "aria-label", `${name}: ${used}. ${said.join(", ")}`);
	}

	_sum(phase, usable) {
		const used = phase.service_a;
		if (used === null) return this.word("card_not_measured");
		if (used >= 0) return this.used(used, usable);
		return this.word("card_feeds_in", { amps: this.number(-used) });
	}

	_circuit(row, { name, current_a: used, limit_a: limit, meter_problem: lost }) {
		const [what, value] = row.children;
		const [fill, mark] = what.lastChild.children;
		const full = Math.max(limit * BEYOND, used * 1.02, 1);
		row.classList.toggle("too-much", used > limit + 0.05);
		text(what.firstChild, name);
		fill.style.width = `${(100 * used) / full}%`;
		mark.style.insetInlineStart = `${(100 * limit) / full}%`;
		text(value, lost ? this.word("card_not_measured") : this.used(used, limit));
	}

	_charger(row, charger) {
		const [swatch, what, value] = row.children;
		const look = this._looks.get(charger.id);
		swatch.style.setProperty("--colour", look.colour);
		attribute(swatch, "class", `swatch paint ${look.pattern}`);
		row.classList.toggle("flowing", Boolean(charger.charging && charger.draw_a));
		text(what.firstChild, charger.name);
		text(what.lastChild, this._reason(charger));
		text(value.firstChild, charger.draw_a === null ? "–" : this.amps(charger.draw_a));
		const set = charger.set_a ?? charger.decided_a;
		const may = set ? "card_may" : "card_paused";
		text(value.lastChild, set === null ? "" : this.word(may, { amps: this.number(set) }));
	}

	_reason(charger) {
		if (charger.problem) return this.said(nameOf("binary_sensor", "charger_problem"));
		if (charger.asleep) return this.said(nameOf("binary_sensor", "asleep"));
		let reason = this.said(stateOf("sensor", "limiting_reason", charger.limit));
		if (charger.limiting_circuit) reason += ` (${charger.limiting_circuit})`;
		const seconds = this._rises(charger);
		return seconds < 1 ? reason : this.word("card_more_in", { reason, seconds });
	}
}

customElements.define("load-sharing-current-card", CurrentCard);

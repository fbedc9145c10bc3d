// What the cards are made of.

// Home Assistant replaces the registry of elements at its start, and loses what is older.
await customElements.whenDefined("home-assistant");

const DOMAIN = "load_sharing";

export const common = (key) => `component.${DOMAIN}.common.${key}`;
export const stateOf = (kind, key, state) =>
	`component.${DOMAIN}.entity.${kind}.${key}.state.${state}`;
export const nameOf = (kind, key) => `component.${DOMAIN}.entity.${kind}.${key}.name`;

const loading = {};

/**
 * Load the integration's words in the user's language; gives what looks them up.
 * Once for all: a second call of Home Assistant's would not wait for the first.
 */
export function loadWords(hass) {
	return (loading[hass.language] ??= hass
		.loadBackendTranslation("entity", DOMAIN)
		.then(() => hass.loadBackendTranslation("common", DOMAIN))
		.catch((error) => {
			delete loading[hass.language];
			throw error;
		}));
}

/** Make an element from markup, which never holds a name or another text of a user. */
export function html(markup) {
	const template = document.createElement("template");
	template.innerHTML = markup;
	return template.content.firstElementChild;
}

/** Fill the shadow of an element; gives what is made from the markup. */
export function build(element, style, markup) {
	const root = element.attachShadow({ mode: "open" });
	root.append(html("<style></style>"), html(markup));
	root.firstChild.textContent = style;
	return root.lastChild;
}

/** Keep one element for each item, in their order. */
export function list(parent, items, make, update) {
	const former = (parent.madeBy ??= new Map());
	const kept = new Map();
	for (const item of items) {
		const key = item.id ?? item.phase;
		const child = former.get(key) ?? make(item);
		kept.set(key, child);
		update(child, item);
	}
	for (const [key, child] of former) if (!kept.has(key)) child.remove();
	let before = null;
	for (const child of [...kept.values()].reverse()) {
		if (child.parentNode !== parent || child.nextSibling !== before) {
			parent.insertBefore(child, before);
		}
		before = child;
	}
	parent.madeBy = kept;
}

/** Set a text that changed, so that nothing is read out twice, in its own direction. */
export function text(element, value) {
	const set = value && document.dir === "rtl" ? `\u2068${value}\u2069` : value;
	if (element.textContent !== set) element.textContent = set;
}

export function attribute(element, name, value) {
	if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

const GROUPED = { comma_decimal: "en-US", decimal_comma: "de", space_comma: "fr" };

export function number(hass, value, digits = 1) {
	const locale = GROUPED[hass.locale?.number_format] ?? hass.language;
	return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}

export function degrees(hass, celsius) {
	const unit = hass.config.unit_system.temperature;
	const value = unit === "°F" ? celsius * 1.8 + 32 : celsius;
	return `${number(hass, value)} ${unit}`;
}

export function clock(hass, iso) {
	const when = new Date(iso);
	const format = { hour: "numeric", minute: "2-digit" };
	if (hass.locale?.time_zone === "server") format.timeZone = hass.config.time_zone;
	if (hass.locale?.time_format === "12") format.hour12 = true;
	if (hass.locale?.time_format === "24") format.hour12 = false;
	if (when - Date.now() > 20 * 3600 * 1000) format.weekday = "short";
	return new Intl.DateTimeFormat(hass.language, format).format(when);
}

/** The path may go on with a view. */
export function goTo(path) {
	history.replaceState(null, "", location.pathname.replace(/[^/]+/, path));
	window.dispatchEvent(
		new CustomEvent("location-changed", { detail: { replace: true } }),
	);
}

export const STYLE = `
	:host { display: block; }
	ha-card { padding: 16px; container-type: inline-size; height: 100%;
		box-sizing: border-box; display: flex; flex-direction: column; gap: 14px;
		color: var(--primary-text-color); font-variant-numeric: tabular-nums;
		--edge: var(--ha-card-background, var(--card-background-color, #fff));
		--track: color-mix(in srgb, var(--primary-text-color) 9%, transparent);
		--soft: var(--secondary-text-color); --bad: #b3261e; --on-bad: #fff; }
	ha-card.dark { --bad: #ff8a80; --on-bad: #111; }
	.body { display: flex; flex-direction: column; gap: 16px; }
	h2, h3, p, ul { margin: 0; padding: 0; }
	ul { list-style: none; }
	h2 { font-size: 20px; line-height: 1.3; font-weight: 500; }
	h3 { font-size: 13px; font-weight: 500; color: var(--soft); margin-bottom: 6px; }
	.sentence { display: flex; gap: 10px; align-items: center; padding: 10px 12px;
		border-radius: 10px; background: var(--track); line-height: 1.4; }
	.sentence ha-icon { flex: none; color: var(--soft); }
	.bad .sentence { background: var(--bad); color: var(--on-bad); }
	.bad .sentence ha-icon { color: inherit; }
	[hidden] { display: none !important; }
	.heard { position: absolute; width: 1px; height: 1px; overflow: hidden;
		clip-path: inset(50%); white-space: nowrap; }
	.soft { color: var(--soft); font-size: 13px; }
	.rows { display: grid; gap: 4px;
		grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); }
	.row { all: unset; box-sizing: border-box; display: flex; gap: 12px; width: 100%;
		align-items: center; padding: 8px; border-radius: 10px; cursor: pointer;
		min-height: 48px; }
	.row:hover { background: var(--track); }
	.row:focus-visible { outline: 2px solid; }
	.row .what { flex: 1; min-width: 0; line-height: 1.35; }
	.row .what > * { display: block; overflow-wrap: anywhere; }
	.row .name { font-weight: 500; }
	.row .value { text-align: end; line-height: 1.35; white-space: nowrap; }
	.row .value > * { display: block; }
	.row .value strong { font-size: 17px; font-weight: 500; }
	@media (prefers-reduced-motion: reduce) {
		* { transition: none !important; animation: none !important; } }
`;

"use strict";
/* The page is whole without this; it only makes looking easier. */
(() => {
	const root = document.documentElement;
	const find = document.getElementById("find");
	const theme = document.getElementById("theme");
	document.querySelector(".tools").hidden = false;

	theme.addEventListener("click", () => {
		const dark = root.dataset.theme
			? root.dataset.theme === "dark"
			: matchMedia("(prefers-color-scheme: dark)").matches;
		root.dataset.theme = dark ? "light" : "dark";
	});

	const rows = [...document.querySelectorAll("[data-path]")].map(
		(row) => [row, row.querySelector(".path").textContent.toLowerCase()]);
	const filter = () => {
		const wanted = find.value.trim().toLowerCase();
		for (const [row, path] of rows)
			row.classList.toggle("away", !path.includes(wanted));
	};
	find.addEventListener("input", filter);

	document.addEventListener("keydown", (event) => {
		if (event.key === "/" && document.activeElement !== find &&
		    !event.ctrlKey && !event.altKey && !event.metaKey) {
			event.preventDefault();
			find.focus();
		} else if (event.key === "Escape" &&
		    document.activeElement === find) {
			find.value = "";
			filter();
		}
	});

	/* Times as whoever reads them has them. */
	for (const time of document.querySelectorAll("time")) {
		const when = new Date(time.dateTime);
		if (!Number.isNaN(when.getTime()))
			time.title = when.toLocaleString();
	}

	addEventListener("beforeprint", () => {
		for (const details of document.querySelectorAll("details"))
			details.open = true;
	});
})();

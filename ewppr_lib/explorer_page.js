// The explorer: look up the batch that files/explorer.js holds, and draw it. No dependencies, no requests.
"use strict";

{
  const one = (selector, within = document) => within.querySelector(selector);

  function explorer(form, batch) {
    const SVG = "http://www.w3.org/2000/svg";
    const sliders = batch.sliders.map((slider) => ({ ...slider, input: form.elements[slider.name] }));

    const valueOf = (slider) => slider.values[Number(slider.input.value)];
    const shown = (slider) => (valueOf(slider) === null ? "drawn" : String(valueOf(slider)));
    const spoken = (slider) => (valueOf(slider) === null ? `drawn, ${slider.drawn}` : shown(slider));
    const place = () => sliders.map((slider) => Number(slider.input.value));

    function at(packed, setting) {
      let offset = 0;
      packed.shape.slice(0, -1).forEach((length, axis) => (offset = offset * length + (length === 1 ? 0 : setting[axis])));
      const width = packed.shape[packed.shape.length - 1];
      return packed.flat.slice(offset * width, (offset + 1) * width);
    }

    function rows(measure) {
      const setting = place();
      const label = Object.fromEntries(batch.options.map((option) => [option.name, option.label]));
      const found =
        measure === "first"
          ? at(batch.first, setting).map((share, number) => ({ name: batch.uses[number], low: share, median: share, high: share }))
          : batch.options.map(({ name }) => {
              const [low, median, high] = at(batch.numbers[name][measure], setting);
              return { name, low, median, high };
            });
      return found.map((row) => ({ ...row, label: label[row.name] })).sort((a, b) => b.median - a.median);
    }

    function bar(row, most) {
      const svg = document.createElementNS(SVG, "svg");
      svg.setAttribute("aria-hidden", "true");
      svg.setAttribute("viewBox", "0 0 100 10");
      svg.setAttribute("preserveAspectRatio", "none");
      const box = document.createElementNS(SVG, "rect");
      const width = most > 0 ? (100 * row.median) / most : 0;
      for (const [name, value] of Object.entries({ x: 0, y: 1, height: 8, width })) box.setAttribute(name, value);
      svg.append(box);
      if (row.low !== row.high) {
        const line = document.createElementNS(SVG, "line");
        const ends = { x1: (100 * row.low) / most, x2: (100 * row.high) / most, y1: 5, y2: 5 };
        for (const [name, value] of Object.entries(ends)) line.setAttribute(name, value);
        line.setAttribute("class", "ew-range");
        svg.append(line);
      }
      return svg;
    }

    function line(row, measure, most) {
      const tr = document.createElement("tr");
      tr.dataset.option = row.name;
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = row.label;
      const cell = document.createElement("td");
      cell.className = "ew-value";
      cell.textContent = measure === "first" ? `${short(row.median)} %` : short(row.median);
      if (row.low !== row.high) {
        const range = document.createElement("span");
        range.className = "ew-note";
        range.textContent = `${short(row.low)} to ${short(row.high)}`;
        cell.append(range);
      }
      const drawn = document.createElement("td");
      drawn.append(bar(row, most));
      tr.append(head, cell, drawn);
      return tr;
    }

    function command() {
      const set = sliders.filter((slider) => valueOf(slider) !== null).map((slider) => `--set ${slider.name}=${valueOf(slider)}`);
      const rank = form.elements.measure.value === "first" ? ["--rank"] : [];
      return ["ewppr simulate", ...rank, ...set, `--draws ${batch.draws}`, `--seed ${batch.seed}`].map((words) => {
        const unbroken = document.createElement("span");
        unbroken.textContent = words;
        return unbroken;
      });
    }

    function show() {
      for (const slider of sliders) {
        one(`[data-value=${slider.name}]`, form).textContent = shown(slider);
        slider.input.setAttribute("aria-valuetext", spoken(slider));
      }
      const measure = form.elements.measure.value;
      const found = rows(measure);
      const most = Math.max(...found.map((row) => row.high));
      const [best, next] = found;
      one("[data-told]", form).textContent =
        measure === "first"
          ? `${capital(best.label)} is best in ${short(best.median)} % of the draws, ${next.label} in ${short(next.median)} %.`
          : best.median === found[found.length - 1].median
            ? "No difference between the options."
            : `${capital(best.label)}: ${short(best.median)}; next ${next.label}: ${short(next.median)}.`;
      one("[data-caption]", form).textContent =
        measure === "first" ? `Per cent of ${batch.draws.toLocaleString("en")} draws` : `Median and range, ${batch.measures[measure]}`;
      one("[data-head]", form).textContent = measure === "first" ? "First" : "Median";
      one("[data-rows]", form).replaceChildren(...found.map((row) => line(row, measure, most)));
      one("[data-command]").replaceChildren(...command().flatMap((part, number) => (number ? [" ", part] : [part])));
      const moved = sliders.filter((slider) => Number(slider.input.value) !== slider.usual);
      const kept = new URLSearchParams(moved.map((slider) => [slider.name, shown(slider)]));
      if (measure !== first) kept.set("show", measure);
      history.replaceState(null, "", `${location.pathname}${kept.size ? `?${kept}` : ""}${location.hash}`);
    }

    /* settings stand in the address, so that a page can be sent on as it is seen */
    const first = form.elements.measure.value;
    const asked = new URLSearchParams(location.search);
    for (const slider of sliders) {
      const at = slider.values.findIndex((value) => (value === null ? "drawn" : String(value)) === asked.get(slider.name));
      if (at >= 0) slider.input.value = at;
    }
    if ([...form.elements.measure.options].some((option) => option.value === asked.get("show"))) {
      form.elements.measure.value = asked.get("show");
    }

    form.addEventListener("input", show);
    form.addEventListener("reset", () => setTimeout(show));
    show();
  }

  const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

  // as `ewppr simulate` prints: whole numbers from a hundred on, three significant digits below, ties to the even digit
  function short(value) {
    if (value === 0) return "0";
    const size = Math.abs(value);
    if (size >= 100) return Number(toEven(value, 0)).toLocaleString("en");
    return String(Number(toEven(value, Math.max(0, 2 - Math.floor(Math.log10(size))))));
  }

  function toEven(value, digits) {
    const text = value.toFixed(digits);
    const rest = value.toFixed(99).split(".")[1].slice(digits); // exact: what the kept digits leave of the number
    const tie = /^50*$/.test(rest);
    return tie && Number(text.at(-1)) % 2 ? (Number(text) - Math.sign(value) * 10 ** -digits).toFixed(digits) : text;
  }

  explorer(one("[data-explorer]"), window.ewpprExplorer);
}

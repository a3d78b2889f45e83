/* SPDX-License-Identifier: Apache-2.0
   Filters and sorts the long tables. Without it every page still says everything, but for tables of thousands of rows:
   their cells, HTML that was escaped when it was written, come from a file of data. */
(() => {
  const MOST = 500;
  const waiting = new Map();

  window.plantproofRows = (name, rows) => waiting.get(name)?.(rows);

  const plain = (html) => new DOMParser().parseFromString(html, "text/html").body.textContent;

  /* A source of rows: each has the text to search, the text of its cells, and an element to show. */
  const fromPage = (table) => [...table.tBodies[0].rows].map((row) => ({
    text: row.textContent.toLowerCase(),
    key: (column) => row.cells[column].textContent.trim(),
    element: () => row,
  }));
  const fromData = (rows) => rows.map((cells) => ({
    text: plain(cells.join(" ")).toLowerCase(),
    key: (column) => plain(cells[column]).trim(),
    element: () => {
      const row = document.createElement("tr");
      for (const cell of cells) row.insertCell().innerHTML = cell;
      return row;
    },
  }));

  const dress = (table, rows) => {
    const headings = [...table.tHead.rows[0].cells];
    const most = table.dataset.rows ? MOST : rows.length;
    const bar = document.createElement("div");
    const input = document.createElement("input");
    const count = document.createElement("span");
    bar.className = "pp-bar";
    count.className = "pp-fine";
    count.setAttribute("role", "status");
    input.type = "search";
    input.className = "pp-filter";
    input.placeholder = "Filter " + rows.length + " rows";
    input.setAttribute("aria-label", "Filter the table below");
    bar.append(input, count);
    table.parentElement.before(bar);
    const show = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      const found = rows.filter((row) => words.every((word) => row.text.includes(word)));
      table.tBodies[0].replaceChildren(...found.slice(0, most).map((row) => row.element()));
      const first = found.length > most ? ", the first " + most + " are shown" : "";
      count.textContent = words.length || first ? found.length + " of " + rows.length + first : "";
    };
    input.addEventListener("input", show);
    for (const heading of headings) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "pp-sort";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => {
        const down = heading.getAttribute("aria-sort") === "ascending";
        for (const other of headings) other.removeAttribute("aria-sort");
        heading.setAttribute("aria-sort", down ? "descending" : "ascending");
        const order = new Intl.Collator(undefined, { numeric: true });
        const keys = new Map(rows.map((row) => [row, row.key(heading.cellIndex)]));
        rows.sort((a, b) => order.compare(keys.get(a), keys.get(b)) * (down ? -1 : 1));
        show();
      });
    }
    if (most < rows.length || table.dataset.rows) show();
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const table of document.querySelectorAll("table[data-filter]")) {
      const { rows, source } = table.dataset;
      if (!source) {
        dress(table, fromPage(table));
        continue;
      }
      waiting.set(rows, (data) => dress(table, fromData(data)));
      const script = document.createElement("script");
      script.src = source;
      document.head.append(script);
    }
  });
})();

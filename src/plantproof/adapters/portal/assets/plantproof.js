/* SPDX-License-Identifier: Apache-2.0
   Filters and sorts the long tables. Without it every page still says everything. */
document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll("table[data-filter]")) {
    const body = table.tBodies[0];
    const input = document.createElement("input");
    input.type = "search";
    input.className = "pp-filter";
    input.placeholder = "Filter " + body.rows.length + " rows";
    input.setAttribute("aria-label", "Filter the table below");
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const row of body.rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
      }
    });
    table.parentElement.before(input);
    for (const heading of table.tHead.rows[0].cells) {
      heading.classList.add("pp-sortable");
      heading.tabIndex = 0;
      const sort = () => {
        const down = heading.getAttribute("aria-sort") === "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        heading.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = [...body.rows];
        const key = (row) => row.cells[heading.cellIndex].textContent.trim();
        rows.sort((a, b) => key(a).localeCompare(key(b), undefined, { numeric: true }) * (down ? -1 : 1));
        body.append(...rows);
      };
      heading.addEventListener("click", sort);
      heading.addEventListener("keydown", (event) => { if (event.key === "Enter") sort(); });
    }
  }
});

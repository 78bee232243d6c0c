// Comfort only: cards that move by buttons. The list beside each card works without this file.
"use strict";

for (const list of document.querySelectorAll("[data-order]")) {
  const live = document.createElement("p");
  live.className = "visually-hidden";
  live.setAttribute("role", "status");
  list.after(live);
  list.classList.add("placed--moves");

  const cards = () => [...list.children];
  const field = (card) => card.querySelector("select");

  function number(moved) {
    cards().forEach((card, place) => { field(card).value = String(place + 1); });
    live.textContent = `${list.dataset.said} ${cards().indexOf(moved) + 1}`;
    mind();
  }

  function mind() { // the first cannot go up, the last cannot go down
    const all = cards();
    all.forEach((card, place) => {
      const [up, down] = card.querySelectorAll("button");
      up.setAttribute("aria-disabled", String(place === 0));
      down.setAttribute("aria-disabled", String(place === all.length - 1));
    });
  }

  function move(card, place) {
    const others = cards().filter((one) => one !== card);
    list.insertBefore(card, others[place] || null);
    number(card);
  }

  function button(card, sign, words, step) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "placed__move";
    made.textContent = sign;
    made.setAttribute("aria-label", `${words}: ${card.querySelector("label").textContent}`);
    made.addEventListener("click", () => {
      const place = cards().indexOf(card) + step;
      if (place < 0 || place >= cards().length) return;
      move(card, place);
      made.focus();
    });
    return made;
  }

  for (const card of cards()) {
    const moves = document.createElement("span");
    moves.className = "placed__moves";
    moves.append(button(card, "↑", list.dataset.earlier, -1), button(card, "↓", list.dataset.later, 1));
    field(card).after(moves);
    field(card).addEventListener("change", () => {
      if (!field(card).value) return;
      move(card, Number(field(card).value) - 1);
      field(card).focus();
    });
  }
  if (cards().every((card) => field(card).value)) { // an order given earlier is shown as it was given
    list.append(...cards().sort((one, other) => field(one).value - field(other).value));
  }
  mind();
}

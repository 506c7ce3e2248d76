// The status page: asks the server once a second, and shows what it says.

import {cpu, jitter, loss, roundTrip} from "/measures.js";
import {Plot} from "/plot.js";

const INTERVAL_MS = 1000;
const KEPT = 120;

const percent = (share) => `${(100 * share).toFixed(share < 0.1 ? 2 : 0)} %`;
const milliseconds = (seconds) => `${(1000 * seconds).toFixed(seconds < 0.01 ? 2 : 1)} ms`;

const state = document.getElementById("state");
const rooms = document.getElementById("rooms");
const plots = document.getElementById("plots");
const plotOf = (title, least, format) => new Plot(plots, title, {values: KEPT, least, format});
const lossPlot = plotOf("Loss", 0.01, percent);
const jitterPlot = plotOf("Jitter, largest", 0.001, milliseconds);
const roundTripPlot = plotOf("Round trip, longest", 0.01, milliseconds);
const cpuPlot = plotOf("Processor", 0.1, percent);

// Said only when it changes: a screen reader would read it each second.
function say(text, trouble) {
  if (state.textContent !== text) state.textContent = text;
  state.classList.toggle("trouble", trouble);
}

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

const timeOfDay = (time) => new Date(time).toLocaleTimeString([], {timeStyle: "short"});

// A title, a text, and for some smaller ones below: a phone has room for no more columns.
const COLUMNS = [
  ["Player", (member) => String(member.id), (member) => [member.address, `since ${timeOfDay(member.since)}`]],
  ["Loss", (member) => percent(member.lost / Math.max(1, member.packets - member.duplicate + member.lost)),
    (member) => [`${member.late} late`]],
  ["Jitter", (member) => milliseconds(member.jitter_seconds)],
  ["Round trip", ({round_trip_seconds: time}) => time === null ? "–" : milliseconds(time)],
  ["Reordered", (member) => String(member.reordered)],
];

function memberTable(room) {
  const table = element("table", "");
  table.ariaLabel = `Players in room ${room.room}, with address and since when`;
  const head = table.createTHead().insertRow();
  for (const [title] of COLUMNS) head.append(element("th", title, {scope: "col"}));
  const body = table.createTBody();
  for (const member of room.members) {
    const row = body.insertRow();
    COLUMNS.forEach(([, text, more], index) => {
      const cell = element(index === 0 ? "th" : "td", text(member), index === 0 ? {scope: "row"} : {});
      for (const line of more?.(member) ?? []) cell.append(" ", element("small", line));
      row.append(cell);
    });
  }
  // Wider than a phone it scrolls, with the keyboard too.
  const frame = element("div", "", {class: "members", tabindex: "0", role: "region"});
  frame.ariaLabel = `Room ${room.room}`;
  frame.append(table);
  return frame;
}

function showRooms(status) {
  const frames = () => [...rooms.querySelectorAll(".members")];
  const focused = document.activeElement?.ariaLabel;
  const scrolled = new Map(frames().map((frame) => [frame.ariaLabel, frame.scrollLeft]));
  rooms.replaceChildren(...status.rooms.flatMap((room) => {
    const about = `${room.members.length} of ${room.members_max} players, UDP port ${room.port}, `
      + `${room.beats_per_minute} beats per minute${room.recording ? ", recorded" : ""}`;
    const parts = [element("h3", `Room ${room.room}`), element("p", about, {class: "about"})];
    return room.members.length === 0 ? parts : [...parts, memberTable(room)];
  }));
  for (const frame of frames()) {
    frame.scrollLeft = scrolled.get(frame.ariaLabel) ?? 0;
    if (frame.ariaLabel === focused) frame.focus({preventScroll: true});
  }
}

let previous = null;

function show(status) {
  const restarted = previous !== null && status.uptime_seconds < previous.uptime_seconds;
  const before = restarted ? null : previous;
  lossPlot.add(before && loss(before, status));
  jitterPlot.add(jitter(status));
  roundTripPlot.add(roundTrip(status));
  cpuPlot.add(before && cpu(before, status));
  showRooms(status);
  const started = new Date(status.started).toLocaleString([], {dateStyle: "short", timeStyle: "short"});
  say(`Version ${status.version}, up since ${started}`, false);
  previous = status;
}

async function turn() {
  try {
    const answer = await fetch("/v1/rooms", {signal: AbortSignal.timeout(5 * INTERVAL_MS)});
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    show(await answer.json());
  } catch (error) {
    say(`The server does not answer (${error.message}). Trying again …`, true);
  }
  setTimeout(turn, INTERVAL_MS);
}

turn();

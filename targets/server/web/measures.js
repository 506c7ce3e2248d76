// What is drawn, from two answers of /v1/rooms that follow each other. It knows of no document.

const members = (status) =>
  status.rooms.flatMap((room) => room.members.map((member) => ({room: room.room, ...member})));
// The same player, and not another one with its id.
const key = (member) => `${member.room} ${member.id} ${member.since}`;
const largest = (values) => values.length === 0 ? null : Math.max(...values);

// Packets that were lost since the previous answer, as a share of those that were expected; null when none were.
export function loss(previous, current) {
  const before = new Map(members(previous).map((member) => [key(member), member]));
  let lost = 0;
  let expected = 0;
  for (const member of members(current)) {
    const old = before.get(key(member));
    if (old === undefined) continue;
    // What came after all makes fewer lost than before.
    const missing = Math.max(0, member.lost - old.lost);
    lost += missing;
    expected += missing + member.packets - member.duplicate - (old.packets - old.duplicate);
  }
  return expected > 0 ? lost / expected : null;
}

export const jitter = (status) => largest(members(status).map((member) => member.jitter_seconds));

export const roundTrip = (status) =>
  largest(members(status).map((member) => member.round_trip_seconds).filter((value) => value !== null));

// Of one processor; more than 1 when several are busy.
export function cpu(previous, current) {
  const seconds = current.uptime_seconds - previous.uptime_seconds;
  return seconds > 0 ? (current.cpu_seconds - previous.cpu_seconds) / seconds : null;
}

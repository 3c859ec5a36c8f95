// A calendar a line, as a JSON string: the answer is a line with its meetings, as ical.js understands them.
import { createInterface } from "node:readline";
import ICAL from "./vendor/ical.mjs";

const meeting = (calendar, component) => {
  const event = new ICAL.Event(component);
  return {
    method: calendar.getFirstPropertyValue("method"),
    uid: event.uid,
    sequence: event.sequence,
    status: component.getFirstPropertyValue("status"),
    summary: event.summary,
    location: event.location,
    description: event.description,
    wall: event.startDate.zone === ICAL.Timezone.utcTimezone ? null : event.startDate.toString(),
    starts_at: event.startDate.toUnixTime(),
    ends_at: event.endDate.toUnixTime(),
  };
};

for await (const line of createInterface({ input: process.stdin })) {
  const calendar = new ICAL.Component(ICAL.parse(JSON.parse(line)));
  const meetings = calendar.getAllSubcomponents("vevent").map((component) => meeting(calendar, component));
  console.log(JSON.stringify(meetings));
}

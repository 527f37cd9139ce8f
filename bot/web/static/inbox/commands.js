// Everything that an agent can do now, as the palette lists it.

import { FILTERS } from "./list.js";
import { current, languages, t } from "./words.js";

// `does` is what the page can do; `reading` whether a conversation is open.
export function commands(does, reading) {
  const command = (label, keys, run, possible = true) => (possible ? [{ label, keys, run }] : []);
  return [
    ...command(t("team.act.claim"), "Alt C", does.claim, does.can("claim")),
    ...command(t("team.reply.tab"), "Alt L", () => does.write("reply"), reading),
    ...command(t("team.reply.note"), "Alt P", () => does.write("note"), reading),
    ...command(t("team.act.handback"), "Alt H", () => does.act("handback"), does.can("handback")),
    ...command(t("team.act.close"), "Alt E", () => does.act("close"), does.can("close")),
    ...command(t("team.packet.title"), null, does.showPacket, reading),
    ...command(t("team.act.next"), "Alt J", () => does.move(1)),
    ...command(t("team.act.previous"), "Alt K", () => does.move(-1)),
    ...FILTERS.flatMap((name) => command(t(`team.list.${name}`), null, () => does.setFilter(name))),
    ...command(t("team.settings.title"), null, does.showSettings),
    ...Object.entries(languages()).flatMap(([code, name]) =>
      command(name, null, () => does.changeLanguage(code), code !== current()),
    ),
    ...command(t("team.sign_out"), null, does.signOut),
  ];
}

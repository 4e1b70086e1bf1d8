// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/gallery/sample_conversation.h"

namespace tramontane::gallery {
namespace {

using ui::MessageDisplay;
using ui::TranscriptItem;

constexpr std::int64_t kMorning = 1795250280000; // 2026-11-21, morning

TranscriptItem item(Role role, std::vector<Block> blocks, MessageDisplay display, std::int64_t afterMs)
{
    TranscriptItem result;
    result.message.id = MessageId::make(kMorning + afterMs);
    result.message.role = role;
    result.message.createdMs = kMorning + afterMs;
    result.message.blocks = std::move(blocks);
    result.display = std::move(display);
    return result;
}

MessageDisplay you(const char *name = "You")
{
    MessageDisplay display;
    display.name = QString::fromUtf8(name);
    display.initials = QStringLiteral("JK");
    return display;
}

MessageDisplay model(const char *place = "On this machine")
{
    MessageDisplay display;
    display.name = QStringLiteral("Bora 24B Instruct");
    display.place = QString::fromUtf8(place);
    display.device = QStringLiteral("GPU 49/49");
    return display;
}

constexpr const char *kAnswer =
    R"(The group ratio stays above the internal limit of 125 %, but the margin has narrowed by 6.1 points since June. Two entities explain almost all of it: Trier lost retail deposits, and Namur moved bonds into repo.

| Entity | Q2 2026 | Q3 2026 | Change | Driver named in the report |
|---|---|---|---|---|
| Group | 138.2 % | 132.1 % | −6.1 | Deposits, collateral |
| Trier | 131.0 % | 121.4 % | −9.6 | Retail outflow, 212 m |
| Namur | 144.7 % | 136.3 % | −8.4 | Level 1 assets in repo |
| Lugano | 129.9 % | 130.2 % | +0.3 | No material change |

Trier is the only entity below the internal limit. To recompute the ratios from the ledger extract:

```sql
SELECT entity, period,
       SUM(hqla_after_haircut) / NULLIF(SUM(net_outflow_30d), 0) AS lcr
FROM   ledger.liquidity_daily
WHERE  period IN ('2026-Q2', '2026-Q3') AND status = 'final'
GROUP BY entity, period;
```
)";

constexpr const char *kGerman =
    R"(Nach dem Rundschreiben ist die Ausstiegsstrategie mindestens jährlich zu erproben. Im Register sind 14 Dienstleister als kritisch geführt; bei dreien liegt die letzte Erprobung länger zurück:

| Dienstleister (Registernummer) | Funktion | Letzte Erprobung | Überfällig |
|---|---|--:|--:|
| Rechenzentrum Nord (0412) | Kernbank, Betrieb | 03/2024 | 20 Monate |
| Zahlungsdienst Süd (0388) | Clearing | 07/2025 | 4 Monate |
| Archiv Ost (0519) | Langzeitablage | keine | nie erprobt |

Für den Abgleich mit dem Rahmenvertrag brauche ich die Kündigungs- und Übergangsklau)";

constexpr const char *kVaried = R"(## What the circular asks for

1. Every critical outsourcing needs an exit strategy, tested **at least once a year**.
2. The register is sent each quarter, *also without changes*.
   - with the field `last_test_date`
   - and the ~~old~~ new reference
3. Contracts from before 2025 are adapted by June 2027.

> The institution shall keep the register in a form that can be
> handed over without delay.

- [x] Register checked
- [ ] Contracts checked, see [the guideline](https://www.example.org/guideline)

---

A last paragraph with `inline code` and an image: ![chart of the quarter](chart.png) that is never loaded, and <b>raw HTML</b> that stays text.
)";

} // namespace

std::vector<TranscriptItem> answeredConversation()
{
    MessageDisplay answer = model();
    answer.label = QStringLiteral("restricted");
    answer.usage = Usage{1180, 412, 420, 6100, 68.4};
    answer.energyMilliJoule = 1700000;
    answer.version = 2;
    answer.versions = 3;
    return {
        item(Role::User,
             {{BlockKind::Text,
               "Summarise the change in liquidity coverage between Q2 and Q3 by entity. Name the reasons the reports "
               "give, and show me how to recompute the ratio from the ledger extract.",
               {}}},
             you(), 0),
        item(Role::Assistant, {{BlockKind::Text, kAnswer, {}}}, answer, 180000)};
}

std::vector<TranscriptItem> streamingConversation()
{
    MessageDisplay answer = model("Auf diesem Rechner");
    answer.streaming = true;
    return {item(Role::User,
                 {{BlockKind::Text,
                   "Welche kritischen IKT-Dienstleister im Register haben keine im letzten Jahr erprobte "
                   "Ausstiegsstrategie? Prüfe auch, was der Rahmenvertrag dazu verlangt.",
                   {}}},
                 you("Sie"), 0),
            item(Role::Assistant,
                 {{BlockKind::Reasoning, "Zuerst das Rundschreiben, dann das Register.", "14 s · 612 Token"},
                  {BlockKind::Text, kGerman, {}}},
                 answer, 60000)};
}

std::vector<TranscriptItem> variedConversation()
{
    MessageDisplay slow = model();
    slow.device = QStringLiteral("CPU, 16 threads");
    slow.deviceWanted = true;
    slow.deviceReason = QStringLiteral("The driver is older than this build needs.");
    slow.usage = Usage{300, 186, 900, 2700, 18.0};
    MessageDisplay cut = model();
    TranscriptItem broken = item(Role::Assistant,
                                 {{BlockKind::Text,
                                   "Klausel 12 weicht in zwei Punkten ab: die Kündigungsfrist beträgt drei statt sechs "
                                   "Monate, und die Übergangs…",
                                   {}},
                                  {BlockKind::Error,
                                   "The engine stopped and is running again. It ended while writing, after 96 tokens. "
                                   "Your question and the text so "
                                   "far are saved. This has its own record in the log.",
                                   "ENGINE_STOPPED"}},
                                 cut, 240000);
    broken.message.state = MessageState::CutOff;
    return {
        item(Role::User, {{BlockKind::Text, "Résume la circulaire 04 en trois points, avec les pages.", {}}}, you(), 0),
        item(Role::Assistant,
             {{BlockKind::Text, kVaried, {}},
              {BlockKind::Notice, "The circular was sent whole, 12 pages. The collection was sent by 4 passages.", {}}},
             slow, 120000),
        item(Role::User, {{BlockKind::Text, "Vergleiche die Klauseln 12 bis 19 mit dem Mustervertrag.", {}}}, you(),
             200000),
        broken};
}

} // namespace tramontane::gallery

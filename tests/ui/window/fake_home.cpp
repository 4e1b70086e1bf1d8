// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/window/fake_home.h"

#include <algorithm>

namespace tramontane::test {
namespace {

constexpr std::int64_t kHourMs = 3600 * 1000LL;

Message said(Role role, const std::string &text, ConversationId conversation, MessageId parent, std::int64_t atMs)
{
    Message message;
    message.id = MessageId::make(atMs);
    message.conversation = conversation;
    message.parent = parent;
    message.role = role;
    message.createdMs = atMs;
    message.blocks = {{BlockKind::Text, text, {}}};
    return message;
}

Provenance provenance()
{
    Provenance how;
    how.modelName = "Bora 24B Instruct";
    how.quantisation = "Q5_K_M";
    how.device = "CPU, 16 threads";
    how.layersTotal = 49;
    how.usage = {1284, 412, 420, 6100, 68.4};
    return how;
}

void addConversation(FakeConversations &store, const std::string &title, const std::string &question,
                     const std::string &answer, std::int64_t atMs)
{
    Conversation conversation;
    conversation.id = ConversationId::make(atMs);
    conversation.title = title;
    conversation.createdMs = atMs;
    conversation.updatedMs = atMs;
    const Message asked = said(Role::User, question, conversation.id, {}, atMs - 60'000);
    const Message answered = said(Role::Assistant, answer, conversation.id, asked.id, atMs);
    conversation.leaf = answered.id;
    store.conversations[conversation.id] = conversation;
    store.messages[asked.id] = asked;
    store.messages[answered.id] = answered;
    store.provenances[answered.id] = provenance();
}

} // namespace

Async<VaultStatus> LastingVaultStore::status()
{
    return m_script.run<VaultStatus>("vault.status", [this]() -> Result<VaultStatus> { return state; });
}

Async<std::shared_ptr<OpenVault>> LastingVaultStore::create(SlotSecret first)
{
    using Answer = std::shared_ptr<OpenVault>;
    return m_script.run<Answer>("vault.create", [this, first]() -> Result<Answer> {
        secret = std::make_shared<SecretBytes>(SecretBytes::copyOf(first.secret->bytes()));
        state.exists = true;
        state.slots = {{"01890000-0000-7000-8000-000000000002", first.kind, 0}};
        return Answer(vault);
    });
}

Async<void> LastingVaultStore::discard(std::shared_ptr<OpenVault>)
{
    return m_script.run<void>("vault.discard", [this]() -> Status {
        state = {false, state.directory, {}, 1, {}, {}};
        return {};
    });
}

Async<std::shared_ptr<OpenVault>> LastingVaultStore::open(SlotSecret given)
{
    using Answer = std::shared_ptr<OpenVault>;
    return m_script.run<Answer>("vault.open", [this, given]() -> Result<Answer> {
        const auto want = secret->bytes();
        const auto have = given.secret->bytes();
        if (!std::equal(want.begin(), want.end(), have.begin(), have.end()))
            return Error{ErrorCode::WrongPassphrase, "does not fit", {}};
        vault->closed = false;
        return Answer(vault);
    });
}

FakeHome::FakeHome()
{
    provider.contextTokens = 32'768;
}

void FakeHome::fill(std::string_view passphrase)
{
    store.state.exists = true;
    store.state.slots = {{"01890000-0000-7000-8000-000000000002", SlotKind::Passphrase, 0}};
    store.secret = std::make_shared<SecretBytes>(SecretBytes::copyOf(passphrase));
    for (const char *name : {"Bora 24B Instruct", "Levante 70B Instruct"}) {
        ModelRef model = catalogued(name);
        model.description.quantisation = "Q5_K_M";
        model.description.fileBytes = 18'000'000'000;
        store.vault->modelStore.models[model.id] = model;
    }
    FakeConversations &conversations = store.vault->conversationStore;
    const std::int64_t now = clock.utcMs();
    addConversation(conversations, "Liquidity report Q3",
                    "Summarise the change in liquidity coverage between Q2 and Q3 by entity. Name the reasons the "
                    "reports give, and show me how to recompute the ratio from the ledger extract.",
                    sampleAnswer(), now - 180'000);
    addConversation(conversations, "Auslagerungsregister", "Welche Dienstleister sind kritisch?", "Vierzehn.",
                    now - kHourMs);
    addConversation(conversations, "Résumé de la circulaire 04", "Résume la circulaire 04.", "En trois points.",
                    now - 2 * kHourMs);
    addConversation(conversations, "SQL for the ledger extract", "How do I join?", "With a join.", now - 50 * kHourMs);
    addConversation(conversations, "Übersetzung: Aufsichtsbrief an die Geschäftsleitung", "Bitte übersetzen.", "Gern.",
                    now - 80 * kHourMs);
    addConversation(conversations, "Compare two outsourcing notices", "Compare them.", "They differ.",
                    now - 300 * kHourMs);
    addConversation(conversations, "Stress scenario, wording", "Shorter?", "Yes.", now - 900 * kHourMs);
}

ui::Parts FakeHome::parts()
{
    return {vaults,
            provider,
            inspector,
            policy,
            clock,
            {},
            starterModel,
            {{QString(), QStringLiteral("Like the desktop")}, {QStringLiteral("en"), QStringLiteral("English")}},
            nullptr,
            &desktop};
}

std::string sampleAnswer()
{
    return "The group ratio stays above the internal limit of 125 %, but the margin has narrowed by 6.1 points since "
           "June. Two entities explain almost all of it: Trier lost retail deposits, and Namur moved bonds into "
           "repo.\n\n"
           "| Entity | Q2 2026 | Q3 2026 | Change | Driver named in the report |\n"
           "|---|---:|---:|---:|---|\n"
           "| Group | 138.2 % | 132.1 % | −6.1 | Deposits, collateral |\n"
           "| Trier | 131.0 % | 121.4 % | −9.6 | Retail outflow, 212 m |\n"
           "| Namur | 144.7 % | 136.3 % | −8.4 | Level 1 assets in repo |\n"
           "| Lugano | 129.9 % | 130.2 % | +0.3 | No material change |\n\n"
           "Trier is the only entity below the internal limit. To recompute the ratios from the ledger extract:\n\n"
           "```sql\n"
           "SELECT entity, period,\n"
           "       SUM(hqla_after_haircut) / NULLIF(SUM(net_outflow_30d), 0) AS lcr\n"
           "FROM   ledger.liquidity_daily\n"
           "WHERE  period IN ('2026-Q2', '2026-Q3') AND status = 'final'\n"
           "GROUP BY entity, period;\n"
           "```\n";
}

} // namespace tramontane::test

// SPDX-License-Identifier: Apache-2.0
#include "app/core/conversation.h"

#include "app/core/names.h"

namespace tramontane {
namespace {

constexpr Names<Role, 4> kRoles{
    {{Role::System, "system"}, {Role::User, "user"}, {Role::Assistant, "assistant"}, {Role::Tool, "tool"}}};
constexpr Names<BlockKind, 9> kBlocks{{{BlockKind::Text, "text"},
                                       {BlockKind::Code, "code"},
                                       {BlockKind::Reasoning, "reasoning"},
                                       {BlockKind::ToolCall, "tool_call"},
                                       {BlockKind::ToolResult, "tool_result"},
                                       {BlockKind::Image, "image"},
                                       {BlockKind::Citation, "citation"},
                                       {BlockKind::Error, "error"},
                                       {BlockKind::Notice, "notice"}}};
constexpr Names<MessageState, 5> kStates{{{MessageState::Complete, "complete"},
                                          {MessageState::Stopped, "stopped"},
                                          {MessageState::Length, "length"},
                                          {MessageState::CutOff, "cut_off"},
                                          {MessageState::Failed, "failed"}}};

} // namespace

std::string plainText(const Message &message)
{
    std::string out;
    for (const Block &block : message.blocks) {
        if (block.kind != BlockKind::Text && block.kind != BlockKind::Code)
            continue;
        if (!out.empty())
            out += "\n\n";
        out += block.text;
    }
    return out;
}

std::string_view roleName(Role role) noexcept
{
    return nameOf(kRoles, role);
}
std::optional<Role> roleFromName(std::string_view name) noexcept
{
    return valueOf(kRoles, name);
}
std::string_view blockKindName(BlockKind kind) noexcept
{
    return nameOf(kBlocks, kind);
}
std::optional<BlockKind> blockKindFromName(std::string_view name) noexcept
{
    return valueOf(kBlocks, name);
}
std::string_view messageStateName(MessageState state) noexcept
{
    return nameOf(kStates, state);
}
std::optional<MessageState> messageStateFromName(std::string_view name) noexcept
{
    return valueOf(kStates, name);
}

} // namespace tramontane

// SPDX-License-Identifier: Apache-2.0
#include "inference/client/untrusted_text.h"

#include "app/core/utf8.h"

#include <utility>

namespace tramontane {

namespace {

constexpr std::size_t kMessageBytes = 500;
constexpr std::size_t kDetailBytes = 2000;

/// How many bytes at the beginning of `text` make a character that must not be shown; 0: none.
std::size_t harmful(std::string_view text)
{
    const auto byte = [text](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
    if (byte(0) < 0x20 || byte(0) == 0x7F)
        return 1;
    if (byte(0) == 0xC2 && byte(1) < 0xA0)
        return 2; // U+0080 - U+009F
    // U+200B - U+200F, U+2028 - U+202E, U+2060 - U+206F: invisible characters, line ends, directions
    const bool general = byte(0) == 0xE2 && byte(1) == 0x80
                         && ((byte(2) >= 0x8B && byte(2) <= 0x8F) || (byte(2) >= 0xA8 && byte(2) <= 0xAE));
    const bool isolates = byte(0) == 0xE2 && byte(1) == 0x81 && byte(2) >= 0xA0 && byte(2) <= 0xAF;
    return general || isolates ? 3 : 0;
}

} // namespace

std::string plainLine(std::string_view text, std::size_t maxBytes)
{
    std::string line;
    while (!text.empty() && line.size() < maxBytes) {
        const std::size_t skipped = harmful(text);
        line += skipped > 0 ? ' ' : text.front();
        text.remove_prefix(skipped > 0 ? skipped : 1);
    }
    while (!isUtf8(line))
        line.pop_back(); // the beginning of a character that did not fit
    return line;
}

ModelDescription madePlain(ModelDescription description)
{
    for (std::string *text : {&description.name, &description.architecture, &description.quantisation,
                              &description.licence, &description.sha256})
        *text = plainLine(*text);
    if (description.facts) {
        ModelFacts &facts = *description.facts;
        for (std::string *text : {&facts.baseName, &facts.weightType, &facts.tokenizer, &facts.tokenizerVariant,
                                  &facts.templateSha256, &facts.pooling, &facts.memory})
            *text = plainLine(*text);
    }
    return description;
}

LoadedModel madePlain(LoadedModel model)
{
    model.description = madePlain(std::move(model.description));
    for (std::string *text : {&model.kvTypeK, &model.kvTypeV, &model.prefixReuse, &model.device, &model.deviceReason,
                              &model.engineBuild, &model.templateSha256, &model.pooling})
        *text = plainLine(*text);
    for (LoadedAdapter &adapter : model.adapters)
        adapter = {plainLine(adapter.name), plainLine(adapter.sha256)};
    return model;
}

Error madePlain(const Error &error)
{
    return {error.code, plainLine(error.message, kMessageBytes), plainLine(error.detail, kDetailBytes)};
}

} // namespace tramontane

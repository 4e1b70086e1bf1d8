// SPDX-License-Identifier: Apache-2.0
#include "inference/protocol/message_codec.h"

#include "inference/protocol/bulk.h"
#include "inference/protocol/cbor_check.h"
#include "inference/protocol/field_reader.h"
#include "inference/protocol/field_writer.h"
#include "inference/protocol/message_fields.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace tramontane::protocol {

namespace {

using nlohmann::json;

Error refused(std::string detail)
{
    return {ErrorCode::EngineProtocol, {}, std::move(detail)};
}

std::size_t countPairs(const json &value)
{
    std::size_t pairs = value.is_object() ? value.size() : 0;
    if (value.is_structured()) {
        for (const auto &item : value)
            pairs += countPairs(item);
    }
    return pairs;
}

// From here on it pays: the parser takes byte strings byte by byte.
constexpr std::size_t kLongBytes = 1024;

json parse(std::string_view body, const CborSurvey &survey)
{
    if (survey.longest.size() < kLongBytes)
        return json::from_cbor(body.begin(), body.end(), true, false);
    std::string without(body.substr(0, survey.longestHead));
    without += '\x40'; // a byte string of no bytes, RFC 8949 section 3.1
    without.append(survey.longest.end(), body.end());
    json map = json::from_cbor(without, true, false);
    if (!map.is_discarded())
        map[std::string(survey.longestKey)] = json::binary({survey.longest.begin(), survey.longest.end()});
    return map;
}

template <std::size_t... I>
Result<Payload> decodeNamed(const std::string &name, FieldReader &reader, std::index_sequence<I...>)
{
    std::optional<Payload> payload;
    const auto tryOne = [&]<std::size_t N>() {
        if (payload || name != kTypeNames[N])
            return;
        std::variant_alternative_t<N, Payload> value;
        describe(reader, value);
        payload = std::move(value);
    };
    (tryOne.template operator()<I>(), ...);
    if (!payload)
        return refused("unknown frame type");
    return std::move(*payload);
}

} // namespace

Status appendBody(const Frame &frame, std::string &bytes)
{
    json map = json::object();
    FieldWriter writer(map);
    map["t"] = typeName(frame.payload);
    map["id"] = frame.id;
    std::visit([&](const auto &message) { describe(writer, message); }, frame.payload);
    if (const auto *bulk = std::get_if<Bulk>(&frame.payload); bulk && bulk->data.size() > kMaxBulkBytes)
        return Error{ErrorCode::InvalidArgument, "A piece of bulk data is too long.", "bulk piece"};
    if (!writer.fault().empty()) {
        return Error{ErrorCode::InvalidArgument,
                     "The text holds bytes that are not UTF-8, or a number that is not finite.",
                     std::string(typeName(frame.payload)) + ": " + writer.fault()};
    }
    json::to_cbor(map, bytes);
    return {};
}

Result<Frame> decodeBody(std::string_view body)
{
    const auto survey = surveyCbor(body);
    if (!survey)
        return refused("not one plain CBOR map");
    const json map = parse(body, *survey);
    if (map.is_discarded() || countPairs(map) != survey->pairs)
        return refused("CBOR map with doubled keys");
    const auto type = map.find("t");
    if (type == map.end() || !type->is_string())
        return refused("frame without a type");
    FieldReader reader(map);
    std::string name;
    Frame frame;
    reader.field("t", name);
    reader.field("id", frame.id);
    auto payload = decodeNamed(name, reader, std::make_index_sequence<std::variant_size_v<Payload>>());
    if (!payload)
        return payload.error();
    reader.finish();
    if (!reader.fault().empty())
        return refused(std::string(typeName(*payload)) + ": " + reader.fault());
    frame.payload = std::move(*payload);
    if (const auto *bulk = std::get_if<Bulk>(&frame.payload); bulk && bulk->data.size() > kMaxBulkBytes)
        return refused("bulk: piece too long");
    return frame;
}

} // namespace tramontane::protocol

// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/prompt/python_json.h"

#include "inference/engine/answer/json_bounds.h"

#include <nlohmann/json.hpp>

namespace tramontane::engine {

namespace {

using Json = nlohmann::ordered_json;

void append(std::string &out, const Json &value)
{
    const char *separator = "";
    if (value.is_array()) {
        out += '[';
        for (const Json &item : value) {
            out += separator;
            append(out, item);
            separator = ", ";
        }
        out += ']';
    } else if (value.is_object()) {
        out += '{';
        for (const auto &[key, item] : value.items()) {
            out += separator + Json(key).dump() + ": ";
            append(out, item);
            separator = ", ";
        }
        out += '}';
    } else {
        out += value.dump();
    }
}

} // namespace

std::string pythonJson(const Json &value)
{
    std::string out;
    append(out, value);
    return out;
}

Json jsonOrText(const std::string &text)
{
    Json value = isBoundedJson(text) ? Json::parse(text, nullptr, false) : Json(Json::value_t::discarded);
    return value.is_discarded() ? Json(text) : value;
}

} // namespace tramontane::engine

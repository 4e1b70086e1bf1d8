// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/worker/engine_order.h"

#include <charconv>
#include <sstream>

namespace tramontane::engine {

const char *const kUsage =
    "usage: tramontane-engine --serve | --inspect FILE | --devices | --image [--require LAYER,LAYER…]\n"
    "       tramontane-engine --plan FILE [--context N] [--kv-type T] [--parallel N] [--layers N] [--require …]\n";

namespace {

std::vector<std::string> split(const std::string &list)
{
    std::vector<std::string> names;
    std::istringstream text(list);
    for (std::string name; std::getline(text, name, ',');)
        names.push_back(name);
    return names;
}

bool readNumber(const std::string &text, int &value)
{
    const char *const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && stopped == end;
}

bool readPlanOption(const std::string &option, const std::string &value, PlanRequest &plan)
{
    if (option == "--kv-type") {
        plan.kvType = value;
        return true;
    }
    if (option == "--context")
        return readNumber(value, plan.contextTokens);
    if (option == "--parallel")
        return readNumber(value, plan.parallel);
    return option == "--layers" && readNumber(value, plan.layers);
}

} // namespace

std::optional<Order> readOrder(std::vector<std::string> arguments)
{
    Order order;
    if (arguments.size() >= 2 && arguments[arguments.size() - 2] == "--require") {
        order.required = split(arguments.back());
        arguments.resize(arguments.size() - 2);
    }
    if (arguments == std::vector<std::string>{"--serve"})
        return order;
    order.mode = Order::Mode::Devices;
    if (arguments == std::vector<std::string>{"--devices"})
        return order;
    order.mode = Order::Mode::Image;
    if (arguments == std::vector<std::string>{"--image"})
        return order;
    if (arguments.size() < 2 || arguments.size() % 2 != 0)
        return std::nullopt;
    order.file = arguments[1];
    order.mode = arguments[0] == "--plan" ? Order::Mode::Plan : Order::Mode::Inspect;
    if (order.mode == Order::Mode::Inspect)
        return arguments[0] == "--inspect" && arguments.size() == 2 ? std::optional(order) : std::nullopt;
    for (std::size_t i = 2; i < arguments.size(); i += 2) {
        if (!readPlanOption(arguments[i], arguments[i + 1], order.plan))
            return std::nullopt;
    }
    return order;
}

} // namespace tramontane::engine

// SPDX-License-Identifier: Apache-2.0
#include "app/platform/files/file_lock.h"

#include <algorithm>
#include <utility>

namespace tramontane::files {

namespace {

bool isProgramCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

} // namespace

FileLock::FileLock(FileLock &&other) noexcept
    : m_handle(std::exchange(other.m_handle, kNone)), m_announced(std::exchange(other.m_announced, false))
{
}

FileLock &FileLock::operator=(FileLock &&other) noexcept
{
    if (this != &other) {
        release();
        m_handle = std::exchange(other.m_handle, kNone);
        m_announced = std::exchange(other.m_announced, false);
    }
    return *this;
}

std::string announcement(std::string_view program, long long process)
{
    return std::string(program) + " " + std::to_string(process) + "\n";
}

std::string holderText(std::string_view announced)
{
    const auto space = announced.find(' ');
    const bool formed = space != std::string_view::npos && space > 0 && announced.size() < 64
                        && announced.size() > space + 2 && announced.back() == '\n';
    if (!formed)
        return "another program";
    const auto program = announced.substr(0, space);
    const auto process = announced.substr(space + 1, announced.size() - space - 2);
    // The file may have been written by anybody: nothing but plain names and numbers reaches a message.
    if (!std::ranges::all_of(program, isProgramCharacter) || !std::ranges::all_of(process, isDigit))
        return "another program";
    return std::string(program) + ", process " + std::string(process);
}

} // namespace tramontane::files

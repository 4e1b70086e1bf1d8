// SPDX-License-Identifier: Apache-2.0
#include "app/platform/terminal/secret_input.h"

#include "app/platform/terminal/terminal.h"

#include <cstdio>
#include <memory>

namespace tramontane::terminal {
namespace {

Error refused(const std::string &name, const std::string &why)
{
    return Error{ErrorCode::Usage, "The secret could not be read from " + name + ": " + why + ".", {}};
}

} // namespace

Result<SecretBytes> readWhole(const ReadSome &read, const std::string &name)
{
    SecretBytes buffer(kLongestSecret + 3); // room for a line end, and for one byte too many
    std::size_t used = 0;
    while (used < buffer.size()) {
        const long got = read(buffer.data() + used, buffer.size() - used);
        if (got < 0)
            return refused(name, "reading failed");
        if (got == 0)
            break;
        used += std::size_t(got);
    }
    if (used > 0 && buffer.data()[used - 1] == '\n')
        --used;
    if (used > 0 && buffer.data()[used - 1] == '\r')
        --used;
    if (used == 0)
        return refused(name, "it is empty");
    if (used > kLongestSecret)
        return refused(name, "it is longer than 4096 bytes");
    return SecretBytes::copyOf(buffer.bytes().first(used));
}

Result<SecretBytes> readSecretFile(const std::string &path)
{
    const std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
    if (!file)
        return refused("\"" + path + "\"", "it cannot be opened");
    // No copy in a buffer of the C library, which nobody would wipe.
    std::setvbuf(file.get(), nullptr, _IONBF, 0);
    return readWhole(
        [&file](std::uint8_t *into, std::size_t size) {
            const std::size_t got = std::fread(into, 1, size, file.get());
            return std::ferror(file.get()) ? -1L : long(got);
        },
        "\"" + path + "\"");
}

} // namespace tramontane::terminal

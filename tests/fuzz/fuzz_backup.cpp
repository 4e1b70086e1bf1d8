// SPDX-License-Identifier: Apache-2.0
// A backup whose header is right and whose messages say anything at all: what somebody can make who has the key. The input
// is a row of messages, each with its length in two bytes; it is also read as a header.
#include "storage/backups/backup_file.h"

#include <cstdlib>
#include <fstream>

using namespace tramontane;
using namespace tramontane::vault;

namespace {

struct Known {
    Known() : master(MasterKey::random()), key(Key32::random())
    {
        header = {.id = Uuid::make(1).text(),
                  .vaultId = Uuid::make(2).text(),
                  .createdMs = 3,
                  .schema = 4,
                  .appVersion = "1",
                  .slots = {},
                  .key = {}};
        const SlotSecret secret{SlotKind::Keychain, std::make_shared<SecretBytes>(Key32::kSize)};
        header.slots = slotFileText({header.vaultId, {*makeSlot(header.vaultId, secret, master, {}, 5)}});
        header.key = sealBackupKey(key, header, master);
    }
    MasterKey master;
    Key32 key;
    BackupHeader header;
};

std::string number(std::size_t value)
{
    std::string bytes;
    for (int i = 0; i < 4; ++i)
        bytes += static_cast<char>(value >> (8 * i) & 0xFF);
    return bytes;
}

std::string sealed(const Known &known, std::string_view input)
{
    const std::string text = backupHeaderText(known.header);
    StreamSealer sealer(known.key);
    std::string file = std::string(kBackupMagic) + number(text.size()) + text;
    file.append(sealer.nonce().begin(), sealer.nonce().end());
    const std::string boundTo = "tramontane backup v1\n" + toHex(sha256(text)) + "\n";
    std::vector<std::uint8_t> message;
    while (input.size() > 2) {
        const std::size_t length =
            static_cast<std::uint8_t>(input[0]) | static_cast<std::uint8_t>(input[1] & 0x7F) << 8;
        const bool last = (input[1] & 0x80) != 0;
        const std::string_view payload = input.substr(2, std::max<std::size_t>(length, 1));
        sealer.seal(bytesOf(payload), boundTo, last ? StreamTag::Last : StreamTag::More, message);
        file += number(message.size());
        file.append(message.begin(), message.end());
        input.remove_prefix(2 + payload.size());
    }
    return file;
}

void readAll(const std::filesystem::path &path, const Known &known)
{
    auto reader = BackupFileReader::open(path);
    if (!reader)
        std::abort(); // the header is ours
    reader->unlock(known.key);
    for (;;) {
        const auto entry = reader->nextEntry();
        if (!entry || !*entry)
            return;
        std::uint64_t bytes = 0;
        for (;;) {
            const auto piece = reader->nextPiece();
            if (!piece)
                return;
            if (piece->empty())
                break;
            bytes += piece->size();
        }
        if (bytes != (*entry)->bytes || !isBackupEntryName((*entry)->name))
            std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const bool ready = initCrypto().ok();
    static const Known known;
    static const std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("tramontane-fuzz-backup-" + Uuid::make(1).text());
    const std::string_view input(reinterpret_cast<const char *>(data), size);
    static_cast<void>(parseBackupHeader(input));
    {
        std::ofstream file(path, std::ios::binary | std::ios::trunc);
        file << sealed(known, input);
    }
    readAll(path, known);
    std::filesystem::remove(path);
    return ready ? 0 : 1;
}

// SPDX-License-Identifier: Apache-2.0
// usage: write_attachment_fixture FORMATS: writes attachment-v1.bin into the folder FORMATS. What is in it, and under which
// key, says resources/formats/attachments.md; tests/unit/storage/attachments reads it.
#include "tests/support/attachments/attachment_values.h"

#include <cstdio>

using namespace tramontane;

int main(int argc, char **argv)
{
    if (argc != 2 || !initCrypto())
        return 2;
    const std::filesystem::path folder = argv[1];
    const std::string content = test::attachmentContent(100'000);
    if (!test::writeAttachment(folder / "attachment-v1.new", folder / "attachment-v1.bin", content,
                               test::attachmentHeader(content), test::attachmentKey())) {
        std::fputs("The fixture could not be written.\n", stderr);
        return 1;
    }
    return 0;
}

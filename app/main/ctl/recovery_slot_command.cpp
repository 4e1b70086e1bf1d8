// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/commands.h"
#include "app/main/ctl/secret_file.h"
#include "app/main/ctl/slot_command.h"
#include "app/platform/terminal/terminal.h"

#include <CLI/CLI.hpp>

namespace tramontane::ctl {
namespace {

constexpr int kAttempts = 3;

std::string_view view(const SecretBytes &text)
{
    return {reinterpret_cast<const char *>(text.data()), text.size()};
}

/// Shows the code once and asks for it, or writes it to a new file and reads it back; only then a slot is made for it.
class AddRecoveryCommand final : public SlotCommand {
public:
    AddRecoveryCommand(Context &context, std::string file) : SlotCommand(context), m_file(std::move(file)) {}

protected:
    [[nodiscard]] Status prepare() override
    {
        const bool canShow = !output().json() && terminal::isTerminal(terminal::Stream::Error);
        if (!m_file.empty() || canShow)
            return {};
        return Error{ErrorCode::Usage,
                     "A recovery code is shown at a terminal, or written to a new file with --code-file FILE.",
                     {}};
    }

    void change(SlotService &slots) override
    {
        m_slots = &slots;
        return m_file.empty() ? show() : write();
    }

private:
    void write()
    {
        const SecretBytes text = m_code.text();
        if (const Status written = writeSecretFile(m_file, text); failed(written))
            return;
        const auto back = terminal::readSecretFile(m_file);
        if (!back)
            return fail(back.error());
        add(std::make_shared<SecretBytes>(SecretBytes::copyOf(back->bytes())));
    }

    void show()
    {
        const SecretBytes text = m_code.text();
        output().note(
            "Write this recovery code on paper, or print it. It opens the vault without anything else, and is "
            "not shown again:\n\n    "
            + std::string(view(text)) + "\n");
        ask();
    }

    void ask()
    {
        ++m_asked;
        Result<SecretBytes> typed = terminal::askSecret("Type it from the paper: ", terminal::Echo::On);
        if (!typed)
            return done(typed.error());
        add(std::make_shared<SecretBytes>(std::move(*typed)));
    }

    void add(const std::shared_ptr<SecretBytes> &typed)
    {
        whenReady(this, m_slots->addRecovery(m_code, typed), [this](const Result<SlotInfo> &made) {
            if (made)
                return tell(*made);
            const bool mistyped = made.error().code == ErrorCode::InvalidArgument && m_file.empty();
            if (!mistyped || m_asked >= kAttempts)
                return fail(made.error());
            output().note(made.error().message);
            ask();
        });
    }

    void tell(const SlotInfo &slot)
    {
        QJsonObject more;
        if (!m_file.empty())
            more.insert("file", QString::fromStdString(m_file));
        report(slot,
               m_file.empty() ? "The vault opens with this recovery code, too. Keep the paper away from this machine."
                              : "The vault opens with the recovery code in " + m_file
                                    + ", too. Print it, and delete the file: it is not encrypted.",
               more);
    }

    /// A file with a code that opens nothing must not be kept for one that does.
    void fail(const Error &error)
    {
        if (!m_file.empty())
            removeSecretFile(m_file);
        done(error);
    }

    std::string m_file;
    RecoveryCode m_code = RecoveryCode::random();
    SlotService *m_slots = nullptr;
    int m_asked = 0;
};

} // namespace

void addRecoverySlotCommand(CLI::App &add, CommandFactory &chosen)
{
    const auto file = std::make_shared<std::string>();
    CLI::App *command = add.add_subcommand("recovery", "A recovery code to keep on paper");
    command->add_option("--code-file", *file, "Write the code to this new file instead of showing it")
        ->type_name("FILE");
    command->callback([&chosen, file] {
        chosen = [file](Context &context) { return std::make_unique<AddRecoveryCommand>(context, *file); };
    });
}

} // namespace tramontane::ctl

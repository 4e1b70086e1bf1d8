// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/when_ready.h"
#include "app/main/composition.h"
#include "app/main/ctl/output.h"
#include "app/platform/process/hardening.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tramontane::ctl {

/// The options before the command.
struct GlobalOptions {
    std::string home;
    std::string passphraseFile;
    int passphraseDescriptor = -1;
    std::string recoveryCodeFile;
    std::vector<std::string> organisationKeyFiles; // one, or two halves
    bool json = false;
};

/// What every command works with.
struct Context {
    const GlobalOptions &options;
    Output &output;
    Composition &parts;
    std::vector<process::Layer> hardening;
};

/// One run of one command. start() is called from the event loop; finished() comes exactly once, last.
class Command : public QObject {
    Q_OBJECT
public:
    explicit Command(Context &context) : m_context(context) {}
    virtual void start() = 0;
    /// Ctrl+C or a request of the system to end: leave nothing half done, then finish.
    virtual void interrupt() { finish(Error{ErrorCode::Cancelled, "Interrupted. Nothing was changed.", {}}); }

Q_SIGNALS:
    void finished(int exitStatus);

protected:
    [[nodiscard]] Context &context() { return m_context; }
    [[nodiscard]] Output &output() { return m_context.output; }
    /// Writes the error, if there is one, and ends the command.
    void finish(const std::optional<Error> &error = std::nullopt);

private:
    Context &m_context;
    bool m_finished = false;
};

class VaultOpener;

/// A command that needs the open vault: opens it, starts the session, calls run(), and after done() ends the session in
/// good order, whatever happened. When the screen is locked or the computer goes to sleep, the vault is locked at once and
/// the command ends with VaultLocked; what it was writing is cut off. A command has no idle time: it asks for nothing once
/// the vault is open.
class VaultCommand : public Command {
    Q_OBJECT
public:
    explicit VaultCommand(Context &context);
    ~VaultCommand() override;
    void start() final;
    void interrupt() override;

protected:
    /// Before the vault is opened: reads what the command needs from files or standard input.
    [[nodiscard]] virtual Status prepare() { return {}; }
    /// The session is started. Its log may be unwritable (Session::auditProblem): reading works all the same.
    virtual void run(Session &session) = 0;
    [[nodiscard]] Session &session() { return *m_session; }
    /// Ends the session, then the command.
    void done(const std::optional<Error> &error = std::nullopt);
    /// done(error) for a failure; otherwise false.
    template <class T>
    bool failed(const Result<T> &result)
    {
        if (!result)
            done(result.error());
        return !result;
    }

private:
    void opened(const Result<std::shared_ptr<OpenVault>> &vault);
    void watchDesktop();
    void lockNow(LockCause cause);
    void tellAboutSlots();

    std::unique_ptr<VaultOpener> m_opener;
    std::unique_ptr<Session> m_session;
    bool m_started = false;
    bool m_interrupted = false;
    bool m_done = false;
};

/// Makes the command that was chosen on the command line.
using CommandFactory = std::function<std::unique_ptr<Command>(Context &)>;

} // namespace tramontane::ctl

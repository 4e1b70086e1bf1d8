// SPDX-License-Identifier: Apache-2.0
// Secrets from files, descriptors and a real pseudo-terminal; signals as an event.
#include "app/platform/terminal/interrupt_watcher.h"
#include "app/platform/terminal/terminal.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

using namespace tramontane;

namespace {

std::string text(const SecretBytes &bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

} // namespace

class TerminalTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto().ok()); }
    void file_data();
    void file();
    void missingFile();
    void descriptor();
    void closedDescriptor();
    void prompt_data();
    void prompt();
    void noTerminal();
    void notATerminal();
    void interrupt();
    void brokenPipeIsAnError();
};

void TerminalTest::file_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("expected"); // empty: refused
    QTest::newRow("plain") << QByteArray("secret words") << QByteArray("secret words");
    QTest::newRow("line end") << QByteArray("secret\n") << QByteArray("secret");
    QTest::newRow("line end of Windows") << QByteArray("secret\r\n") << QByteArray("secret");
    QTest::newRow("only one line end goes") << QByteArray("secret\n\n") << QByteArray("secret\n");
    QTest::newRow("blanks stay") << QByteArray("  secret ") << QByteArray("  secret ");
    QTest::newRow("longest") << QByteArray(4096, 'x') << QByteArray(4096, 'x');
    QTest::newRow("longest with line end") << QByteArray(4096, 'x') + "\r\n" << QByteArray(4096, 'x');
    QTest::newRow("too long") << QByteArray(4097, 'x') << QByteArray();
    QTest::newRow("much too long") << QByteArray(100000, 'x') << QByteArray();
    QTest::newRow("empty") << QByteArray() << QByteArray();
    QTest::newRow("line end only") << QByteArray("\n") << QByteArray();
}

void TerminalTest::file()
{
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, expected);
    QTemporaryDir folder;
    QFile file(folder.filePath("passphrase"));
    QVERIFY(file.open(QFile::WriteOnly));
    file.write(content);
    file.close();
    const auto secret = terminal::readSecretFile(file.fileName().toStdString());
    QCOMPARE(secret.ok(), !expected.isEmpty());
    if (secret)
        QCOMPARE(text(*secret), expected.toStdString());
    else
        QCOMPARE(secret.error().code, ErrorCode::Usage);
}

void TerminalTest::missingFile()
{
    const auto secret = terminal::readSecretFile("/nonexistent/passphrase");
    QCOMPARE(secret.error().code, ErrorCode::Usage);
    QVERIFY(secret.error().message.find("/nonexistent/passphrase") != std::string::npos);
    QCOMPARE(terminal::readSecretFile("/").error().code, ErrorCode::Usage);
}

void TerminalTest::descriptor()
{
    int ends[2];
    QCOMPARE(::pipe(ends), 0);
    QCOMPARE(::write(ends[1], "secret\n", 7), ssize_t(7));
    ::close(ends[1]);
    QCOMPARE(text(*terminal::readSecretDescriptor(ends[0])), std::string("secret"));
    ::close(ends[0]);
}

void TerminalTest::closedDescriptor()
{
    QCOMPARE(terminal::readSecretDescriptor(987).error().code, ErrorCode::Usage);
}

void TerminalTest::prompt_data()
{
    QTest::addColumn<QByteArray>("typed");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("line") << QByteArray("secret\n") << QByteArray("=secret");
    QTest::newRow("umlaut taken back") << QByteArray("a\xc3\xa4\x7f"
                                                     "b\n")
                                       << QByteArray("=ab");
    QTest::newRow("whole line taken back") << QByteArray("wrong\x15right\n") << QByteArray("=right");
    QTest::newRow("more taken back than there is") << QByteArray("a\x7f\x7f\x7f"
                                                                 "b\n")
                                                   << QByteArray("=b");
    QTest::newRow("Ctrl+C") << QByteArray("sec\x03") << QByteArray("CANCELLED");
    QTest::newRow("end of input") << QByteArray("\x04") << QByteArray("CANCELLED");
}

/// In a child with a controlling terminal of its own; what it got comes back through a pipe.
void TerminalTest::prompt()
{
    QFETCH(QByteArray, typed);
    QFETCH(QByteArray, expected);
    int result[2];
    QCOMPARE(::pipe(result), 0);
    int master = -1;
    const pid_t child = ::forkpty(&master, nullptr, nullptr, nullptr);
    if (child == 0) {
        const auto secret = terminal::askSecret("Passphrase: ");
        const std::string said = secret ? "=" + text(*secret) : std::string(errorName(secret.error().code));
        [[maybe_unused]] const ssize_t n = ::write(result[1], said.data(), said.size());
        termios after{};
        ::tcgetattr(STDIN_FILENO, &after);
        ::_exit((after.c_lflag & ECHO) != 0 ? 0 : 1);
    }
    ::close(result[1]);
    QByteArray shown;
    char byte = 0;
    while (!shown.endsWith(": ") && ::read(master, &byte, 1) == 1)
        shown += byte;
    QCOMPARE(::write(master, typed.constData(), size_t(typed.size())), ssize_t(typed.size()));
    char back[256];
    const ssize_t got = ::read(result[0], back, sizeof back);
    QCOMPARE(QByteArray(back, int(got)), expected);
    while (::read(master, &byte, 1) == 1)
        shown += byte;
    QVERIFY2(!shown.contains("secret"), "the passphrase was echoed");
    int status = 0;
    ::waitpid(child, &status, 0);
    QVERIFY2(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the echo stayed off");
    ::close(master);
    ::close(result[0]);
}

void TerminalTest::noTerminal()
{
    const pid_t child = ::fork();
    if (child == 0) {
        ::setsid(); // without a controlling terminal
        const auto secret = terminal::askSecret("Passphrase: ");
        ::_exit(!secret && secret.error().code == ErrorCode::Usage ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    QCOMPARE(WEXITSTATUS(status), 0);
}

void TerminalTest::notATerminal()
{
    const int saved = ::dup(STDOUT_FILENO);
    int ends[2];
    QCOMPARE(::pipe(ends), 0);
    ::dup2(ends[1], STDOUT_FILENO);
    const bool terminal = terminal::isTerminal(terminal::Stream::Output);
    const bool colour = terminal::wantsColour(terminal::Stream::Output);
    ::dup2(saved, STDOUT_FILENO);
    QVERIFY(!terminal);
    QVERIFY(!colour);
}

void TerminalTest::interrupt()
{
    InterruptWatcher watcher;
    QSignalSpy spy(&watcher, &InterruptWatcher::interrupted);
    ::raise(SIGTERM);
    QCOMPARE(spy.count(), 0); // from the event loop only
    QVERIFY(spy.wait(5000));
    QCOMPARE(spy.count(), 1);
    struct sigaction now = {};
    ::sigaction(SIGTERM, nullptr, &now);
    QVERIFY(now.sa_handler == SIG_DFL); // the second one ends the process
}

void TerminalTest::brokenPipeIsAnError()
{
    const InterruptWatcher watcher;
    int ends[2];
    QCOMPARE(::pipe(ends), 0);
    ::close(ends[0]);
    QCOMPARE(::write(ends[1], "x", 1), ssize_t(-1));
    ::close(ends[1]);
}

QTEST_GUILESS_MAIN(TerminalTest)
#include "tst_terminal.moc"

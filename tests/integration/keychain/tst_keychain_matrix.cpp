// SPDX-License-Identifier: Apache-2.0
// K4: eight states of the keychain, each with a vault and without one. Whatever the keychain does, an existing vault stays
// as it is byte by byte, no key is made for it, another way opens it, and the event loop goes on.
#include "app/platform/keychain/keychain.h"
#include "app/services/vault_service.h"
#include "storage/vault/directory_vault_store.h"
#include "tests/support/bus/private_bus.h"
#include "tests/support/fakes/await.h"
#include "tests/support/fakes/fake_policy_source.h"

#include <QElapsedTimer>
#include <QTimer>

#include <filesystem>
#include <fstream>
#include <map>

using namespace tramontane;
using namespace tramontane::test;
namespace fs = std::filesystem;

namespace {

constexpr auto kSecrets = "org.freedesktop.secrets";
constexpr auto kService = "tramontane-test";
constexpr auto kPassphrase = "correct horse";
constexpr int kSlowMs = 1000;    // how long a keychain that never answers is waited for here
constexpr int kLoopMs = 10'000;  // a loop that waits for D-Bus stands still for 25 s; a busy machine for less than this
constexpr int kLimitMs = 60'000; // more than D-Bus waits

const SystemClock kClock;

std::shared_ptr<SecretBytes> secret(const std::string &text)
{
    return std::make_shared<SecretBytes>(SecretBytes::copyOf(std::string_view(text)));
}

using Files = std::map<std::string, std::string>;

Files contentOf(const fs::path &folder)
{
    Files files;
    if (!fs::exists(folder))
        return files;
    for (const auto &entry : fs::recursive_directory_iterator(folder)) {
        std::ifstream file(entry.path(), std::ios::binary);
        if (entry.is_regular_file())
            files[entry.path().string()] = {std::istreambuf_iterator<char>(file), {}};
    }
    return files;
}

/// How long the event loop stood still at most.
class Heartbeat {
public:
    Heartbeat()
    {
        m_since.start();
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer,
                         [this] { m_longest = std::max(m_longest, m_since.restart()); });
        m_timer.start(10);
    }
    [[nodiscard]] qint64 longest() const { return std::max(m_longest, m_since.elapsed()); }

private:
    QTimer m_timer;
    QElapsedTimer m_since;
    qint64 m_longest = 0;
};

/// The Secret Service of one cell: a process that ends with it.
class Service {
public:
    /// `user`, `hex`: the item that it holds; none for an empty `hex`.
    Service(const QString &mode, const QString &collection, const QString &user, const QByteArray &hex)
    {
        diesWithTheTest(m_process);
        QStringList arguments{mode, collection};
        if (!hex.isEmpty())
            arguments << kService << user << hex;
        m_process.start(TRAMONTANE_SECRET_SERVICE, arguments);
        if (!m_process.waitForReadyRead(20'000) || m_process.readLine() != "ready\n")
            qFatal("the Secret Service does not start: %s", m_process.readAllStandardError().constData());
    }
    ~Service() { end(); }
    void end()
    {
        m_process.kill();
        m_process.waitForFinished();
        // libsecret keeps what it knows of a service until it hears that it is gone.
        (void)QTest::qWaitFor([] { return !PrivateBus::hasOwner(kSecrets); }, 10'000);
        QTest::qWait(50);
    }
    /// "created USER HEX" and "deleted USER" so far.
    [[nodiscard]] QList<QByteArray> said()
    {
        m_said += m_process.readAllStandardOutput();
        QList<QByteArray> lines = m_said.split('\n');
        lines.removeAll(QByteArray());
        return lines;
    }

private:
    QProcess m_process;
    QByteArray m_said;
};

/// What a program has.
struct Parts {
    explicit Parts(const fs::path &directory) : store(options(directory), kClock) {}

    static vault::VaultOptions options(const fs::path &directory)
    {
        vault::VaultOptions options{.directory = directory, .program = "tst_keychain_matrix"};
        options.networkFileSystemAllowed = [] { return true; }; // the tests' own folder may lie anywhere
        options.passphraseCost.memoryMiB = vault::KdfParameters::kMinMemoryMiB;
        return options;
    }

    FakePolicySource policy;
    vault::DirectoryVaultStore store;
    Keychain keychain{kService};
    VaultService vault{store, keychain, policy};
};

struct State {
    const char *name;
    const char *mode; // of the service; null: there is none
    const char *item; // "ours", "another's", "none"
    const char *collection;
    ErrorCode opening; // of an existing vault; Internal: it opens
    ErrorCode making;  // of a new vault; Internal: it is made
    int keys;          // made for the new vault
};

constexpr ErrorCode kWorks = ErrorCode::Internal;
constexpr ErrorCode kWaits = ErrorCode::Cancelled;
const State kStates[]{
    {"ok", "ok", "ours", "login", kWorks, kWorks, 0},
    {"locked", "locked", "ours", "login", ErrorCode::KeychainLocked, ErrorCode::KeychainLocked, 0},
    {"cancelled", "cancelled", "ours", "login", ErrorCode::KeychainLocked, ErrorCode::KeychainLocked, 0},
    {"absent", nullptr, "none", "", ErrorCode::KeychainUnavailable, ErrorCode::KeychainUnavailable, 0},
    {"entry missing", "ok", "none", "login", ErrorCode::KeychainEntryMissing, kWorks, 1},
    {"wrong key", "ok", "another's", "login", ErrorCode::WrongPassphrase, kWorks, 0},
    {"timeout", "silent", "ours", "login", kWaits, ErrorCode::KeychainUnavailable, 0},
    {"backend changed", "ok", "none", "kdewallet", ErrorCode::KeychainEntryMissing, kWorks, 1},
};

} // namespace

class TestKeychainMatrix : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<PrivateBus> m_bus;
    fs::path m_vault;
    fs::path m_made; // the vault that cells with a vault begin with
    QString m_entry;
    QByteArray m_key;     // of that vault as the service keeps it, hexadecimal
    QByteArray m_another; // a key that fits nothing, likewise

    [[nodiscard]] std::unique_ptr<Service> serviceFor(const State &state) const
    {
        if (!state.mode)
            return nullptr;
        const std::string item = state.item;
        return std::make_unique<Service>(state.mode, state.collection, m_entry,
                                         item == "ours"        ? m_key
                                         : item == "another's" ? m_another
                                                               : QByteArray());
    }
    void openExisting(const State &state, Parts &parts, Service *service);
    void makeNew(const State &state, Parts &parts, Service *service);

private Q_SLOTS:
    void initTestCase();
    void matrix_data();
    void matrix();
};

void TestKeychainMatrix::initTestCase()
{
    QVERIFY(initCrypto().ok());
    m_bus = std::make_unique<PrivateBus>();
    QCOMPARE(m_bus->problem(), QString());
    m_vault = fs::path(m_bus->folder().toStdString()) / "vault";
    m_made = fs::path(m_bus->folder().toStdString()) / "made";
    m_entry = QString::fromStdString(keychainEntryName(m_vault.string()));
    Service service("ok", "login", {}, {});
    {
        Parts parts(m_vault);
        const auto vault = await(parts.vault.createWithKeychain(), kLimitMs);
        QVERIFY2(vault.ok(), vault ? "" : vault.error().detail.c_str());
        QVERIFY((*vault)->slots().add({SlotKind::Passphrase, secret(kPassphrase)}).result());
        QVERIFY((*vault)->close().result());
    }
    QCOMPARE(service.said().size(), 1);
    const QList<QByteArray> created = service.said().front().split(' ');
    QCOMPARE(created.value(1), m_entry.toUtf8());
    m_key = created.value(2);
    // QtKeychain stores bytes as base64.
    QCOMPARE(QByteArray::fromBase64(QByteArray::fromHex(m_key)).size(), qsizetype(Key32::kSize));
    m_another = QByteArray(Key32::kSize, 'o').toBase64().toHex();
    fs::rename(m_vault, m_made);
}

void TestKeychainMatrix::matrix_data()
{
    QTest::addColumn<int>("index");
    QTest::addColumn<bool>("exists");
    for (std::size_t i = 0; i < std::size(kStates); ++i) {
        QTest::addRow("%s, vault exists", kStates[i].name) << int(i) << true;
        QTest::addRow("%s, new", kStates[i].name) << int(i) << false;
    }
}

void TestKeychainMatrix::matrix()
{
    QFETCH(int, index);
    QFETCH(bool, exists);
    const State &state = kStates[index];
    fs::remove_all(m_vault);
    if (exists)
        fs::copy(m_made, m_vault, fs::copy_options::recursive);
    const auto service = serviceFor(state);
    Heartbeat heart;
    {
        Parts parts(m_vault);
        exists ? openExisting(state, parts, service.get()) : makeNew(state, parts, service.get());
    }
    QVERIFY2(heart.longest() < kLoopMs, qPrintable(QString("the loop stood still for %1 ms").arg(heart.longest())));
}

void TestKeychainMatrix::openExisting(const State &state, Parts &parts, Service *service)
{
    const Files before = contentOf(m_vault);
    QVERIFY(!before.empty());
    const auto opening = parts.vault.unlockWithKeychain();
    const bool answered =
        QTest::qWaitFor([&] { return opening.isFinished(); }, state.opening == kWaits ? kSlowMs : kLimitMs);
    QCOMPARE(answered, state.opening != kWaits);
    if (state.opening == kWorks) {
        QVERIFY2(opening.result().ok(), opening.result() ? "" : opening.result().error().message.c_str());
        QVERIFY((*opening.result())->close().result());
    } else if (answered) {
        QVERIFY(!opening.result().ok());
        QCOMPARE(opening.result().error().code, state.opening);
    }
    Files after = contentOf(m_vault);
    if (state.opening == kWorks) { // whose databases may be written
        for (const char *name : {"vault.db", "audit.db"})
            after[(m_vault / name).string()] = before.at((m_vault / name).string());
    }
    QVERIFY(after == before);
    // The other slots are there, while a silent keychain is still being waited for, too.
    const auto status = await(parts.vault.status());
    QCOMPARE(status->slots.size(), std::size_t(2));
    const auto typed = await(parts.vault.unlockWithPassphrase(secret(kPassphrase)), kLimitMs);
    QVERIFY2(typed.ok(), typed ? "" : typed.error().message.c_str());
    if (state.opening == kWaits)
        QCOMPARE(await(opening).error().code, ErrorCode::Cancelled);
    QVERIFY((*typed)->close().result());
    for (const char *name : {"slots.json", "keys.json"})
        QVERIFY(contentOf(m_vault).at((m_vault / name).string()) == before.at((m_vault / name).string()));
    if (service)
        QCOMPARE(service->said(), QList<QByteArray>());
}

void TestKeychainMatrix::makeNew(const State &state, Parts &parts, Service *service)
{
    const auto making = parts.vault.createWithKeychain();
    if (std::string_view(state.name) == "timeout") {
        QVERIFY(!QTest::qWaitFor([&] { return making.isFinished(); }, kSlowMs));
        service->end(); // as when somebody ends a keychain that hangs
    }
    QVERIFY(QTest::qWaitFor([&] { return making.isFinished(); }, kLimitMs));
    const auto made = making.result();
    if (service && std::string_view(state.name) != "timeout") {
        QTest::qWait(0);
        QCOMPARE(service->said().size(), state.keys);
    }
    if (state.making == kWorks) {
        QVERIFY2(made.ok(), made ? "" : made.error().message.c_str());
        QVERIFY((*made)->close().result());
        const auto again = await(parts.vault.unlockWithKeychain(), kLimitMs);
        QVERIFY2(again.ok(), again ? "" : again.error().message.c_str());
        QVERIFY((*again)->close().result());
        return;
    }
    QVERIFY(!made.ok());
    QCOMPARE(made.error().code, state.making);
    QVERIFY(contentOf(m_vault).empty());
    const auto typed = await(parts.vault.createWithPassphrase(secret(kPassphrase)), kLimitMs);
    QVERIFY2(typed.ok(), typed ? "" : typed.error().message.c_str());
    QVERIFY((*typed)->close().result());
}

QTEST_GUILESS_MAIN(TestKeychainMatrix)
#include "tst_keychain_matrix.moc"

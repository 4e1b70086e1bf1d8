// SPDX-License-Identifier: Apache-2.0
// K7: after locking no key of the vault lies in the memory of the window's process, nor what was shown and typed. Before
// it they are found, or finding nothing afterwards would mean nothing.
#include "storage/keys/key_file.h"
#include "storage/keys/slot_file.h"
#include "storage/vault/directory_vault_store.h"
#include "tests/security/process_memory.h"
#include "tests/unit/storage/repositories/vault_fixture.h"

#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <map>

using namespace tramontane;
using namespace tramontane::test;

namespace {

constexpr int kPatience = 60'000;
constexpr auto kPassphrase = "marker-passphrase-qzvx-4711";
constexpr auto kQuestion = "marker-question-wyvern-8823 asks";
constexpr auto kAnswer = "marker-answer-basilisk-1904 replies";
constexpr auto kDraft = "marker-draft-gryphon-5537 waits";
constexpr std::array kMarkers{"marker-passphrase-qzvx-4711", "marker-question-wyvern-8823",
                              "marker-answer-basilisk-1904", "marker-draft-gryphon-5537"};

QByteArray bytesOfKey(const Key32 &key)
{
    return {reinterpret_cast<const char *>(key.bytes().data()), Key32::kSize};
}

QByteArray utf16(const char *text)
{
    const QString wide = QString::fromLatin1(text);
    return {reinterpret_cast<const char *>(wide.utf16()), wide.size() * 2};
}

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class K7NothingInMemoryAfterLock : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void keysAndTextsAreThereWhileItIsOpen();
    void keysLieInLockedMemory();
    void lockingTakesAtMostTwoSeconds();
    void noKeyIsLeft();
    void noTextIsLeft();
    void cleanupTestCase();

private:
    [[nodiscard]] QByteArray heard();
    void tell(const QByteArray &line) { m_probe.write(line + '\n'); }
    void readKeys(const QString &folder);

    QTemporaryDir m_folder;
    QProcess m_probe;
    std::map<QByteArray, QByteArray> m_keys; // name and bytes
    qint64 m_lockMs = -1;
};

QByteArray K7NothingInMemoryAfterLock::heard()
{
    QElapsedTimer timer;
    timer.start();
    while (!m_probe.canReadLine() && m_probe.state() == QProcess::Running && timer.elapsed() < kPatience)
        m_probe.waitForReadyRead(1000);
    return m_probe.readLine().trimmed();
}

void K7NothingInMemoryAfterLock::readKeys(const QString &folder)
{
    const auto slots = vault::parseSlotFile(readFile(folder + "/slots.json").toStdString());
    QVERIFY(slots.ok());
    const SlotSecret secret{SlotKind::Passphrase,
                            std::make_shared<SecretBytes>(SecretBytes::copyOf(std::string_view(kPassphrase)))};
    const auto master = vault::openMaster(*slots, secret);
    QVERIFY(master.ok());
    const auto kek = vault::passphraseKey(*secret.secret, *slots->slots.front().kdf);
    QVERIFY(kek.ok());
    const auto keys = vault::readKeyFile(readFile(folder + "/keys.json").toStdString(), slots->vaultId, *master);
    QVERIFY(keys.ok());
    const std::map<QByteArray, QByteArray> raw{
        {"key of the passphrase", bytesOfKey(*kek)},           {"master key", bytesOfKey(*master->whole())},
        {"reading key", bytesOfKey(master->reading())},        {"key of vault.db", bytesOfKey(keys->vault)},
        {"key of audit.db", bytesOfKey(keys->audit)},          {"signing seed", bytesOfKey(*keys->signingSeed)},
        {"key of attachments", bytesOfKey(keys->attachments)}, {"key of snapshots", bytesOfKey(keys->snapshots)}};
    for (const auto &[name, bytes] : raw) {
        m_keys[name] = bytes;
        m_keys[name + ", hex"] = bytes.toHex();
        m_keys[name + ", HEX"] = bytes.toHex().toUpper();
    }
}

void K7NothingInMemoryAfterLock::initTestCase()
{
    QVERIFY(initCrypto().ok());
    const QString folder = m_folder.filePath("vault");
    const SystemClock clock;
    vault::VaultOptions options{.directory = folder.toStdString(), .program = "fixture"};
    options.passphraseCost.memoryMiB = vault::KdfParameters::kMinMemoryMiB;
    options.environment.appVersion = "test";
    {
        vault::DirectoryVaultStore store(options, clock);
        const auto made =
            store
                .create({SlotKind::Passphrase,
                         std::make_shared<SecretBytes>(SecretBytes::copyOf(std::string_view(kPassphrase)))})
                .result();
        QVERIFY2(made.ok(), made.ok() ? "" : made.error().message.c_str());
        const auto question = questionIn({}, {}, kQuestion, clock.utcMs());
        QVERIFY((*made)->conversations().storeQuestion(question).result().ok());
        QVERIFY((*made)->conversations().storeAnswer(answerTo(question, kAnswer, clock.utcMs())).result().ok());
        QVERIFY((*made)->close().result().ok());
    }
    readKeys(folder);
    m_probe.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_probe.start(LOCK_PROBE, {folder});
    QVERIFY(m_probe.waitForStarted(kPatience));
    tell(kPassphrase);
    QCOMPARE(heard(), QByteArray("open"));
    tell(kDraft);
    QCOMPARE(heard(), QByteArray("shown"));
}

void K7NothingInMemoryAfterLock::keysAndTextsAreThereWhileItIsOpen()
{
    const ProcessMemory memory(m_probe.processId());
    std::uint64_t read = 0;
    const auto key = memory.find(m_keys["master key"], &read);
    QVERIFY2(read > 0, "the memory of the probe cannot be read: run as its parent or as root");
    qInfo("open: %.0f MB read, the master key %zu times", double(read) / 1e6, key.size());
    QVERIFY(!key.empty());
    // (SQLCipher keeps its own copies of the database keys masked.)
    for (const char *marker : {kMarkers[1], kMarkers[2], kMarkers[3]})
        QVERIFY2(!memory.find(utf16(marker)).empty(), marker);
}

void K7NothingInMemoryAfterLock::keysLieInLockedMemory()
{
    const ProcessMemory memory(m_probe.processId());
    qInfo("open: VmLck %lld KiB", static_cast<long long>(memory.statusKiB("VmLck")));
    QVERIFY(memory.statusKiB("VmLck") > 0);
    for (const char *name : {"master key", "key of snapshots", "signing seed", "key of vault.db", "key of audit.db"}) {
        int locked = 0;
        int other = 0;
        for (const MemoryHit &hit : memory.find(m_keys[name])) {
            const bool hidden = hit.mapping.flags.contains("lo") && hit.mapping.flags.contains("dd");
            ++(hidden ? locked : other);
            if (!hidden)
                qInfo("%s outside of locked memory: %s [%s] at %llx", name, qPrintable(hit.mapping.name),
                      hit.mapping.flags.constData(), static_cast<unsigned long long>(hit.address));
        }
        qInfo("%s: %d times in locked memory, %d times elsewhere", name, locked, other);
    }
    QVERIFY(!memory.find(m_keys["master key"]).empty());
    for (const MemoryHit &hit : memory.find(m_keys["master key"]))
        QVERIFY(hit.mapping.flags.contains("lo") && hit.mapping.flags.contains("dd"));
}

void K7NothingInMemoryAfterLock::lockingTakesAtMostTwoSeconds()
{
    tell("lock");
    const QByteArray answer = heard();
    QVERIFY2(answer.startsWith("locked "), answer.constData());
    m_lockMs = answer.mid(7).toLongLong();
    qInfo("locked after %lld ms", static_cast<long long>(m_lockMs));
    QVERIFY(m_lockMs <= 2000);
}

void K7NothingInMemoryAfterLock::noKeyIsLeft()
{
    const ProcessMemory memory(m_probe.processId());
    int left = 0;
    for (const auto &[name, bytes] : m_keys) {
        std::uint64_t read = 0;
        for (const MemoryHit &hit : memory.find(bytes, &read)) {
            ++left;
            qWarning("%s is left in %s [%s] at %llx", name.constData(), qPrintable(hit.mapping.name),
                     hit.mapping.flags.constData(), static_cast<unsigned long long>(hit.address));
        }
        QVERIFY(read > 0);
    }
    qInfo("locked: %d of %zu keys and spellings found", left, m_keys.size());
    QCOMPARE(left, 0);
}

void K7NothingInMemoryAfterLock::noTextIsLeft()
{
    const ProcessMemory memory(m_probe.processId());
    int left = 0;
    for (const char *marker : kMarkers) {
        for (const QByteArray &spelling : {QByteArray(marker), utf16(marker)}) {
            for (MemoryHit hit : memory.find(spelling)) {
                ++left;
                qWarning("%s is left in %s [%s] at %llx: %s", marker, qPrintable(hit.mapping.name),
                         hit.mapping.flags.constData(), static_cast<unsigned long long>(hit.address),
                         QByteArray(hit.around).replace('\0', "").toPercentEncoding(" :{}\"").constData());
            }
        }
    }
    qInfo("locked: %d texts found", left);
    QCOMPARE(left, 0);
}

void K7NothingInMemoryAfterLock::cleanupTestCase()
{
    tell("quit");
    m_probe.waitForFinished(kPatience);
}

QTEST_GUILESS_MAIN(K7NothingInMemoryAfterLock)
#include "k7_nothing_in_memory_after_lock.moc"

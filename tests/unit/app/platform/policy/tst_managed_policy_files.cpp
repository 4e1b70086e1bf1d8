// SPDX-License-Identifier: Apache-2.0
#include "app/platform/policy/managed_policy_files.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

using namespace tramontane;
namespace fs = std::filesystem;

namespace {

constexpr const char *kPolicy = R"({"id":"acme","version":1,"values":{"models.import":false}})";

void write(const fs::path &path, const std::string &text, mode_t mode = 0644)
{
    QFile file(QString::fromStdString(path.string()));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(text));
    file.close();
    QCOMPARE(::chmod(path.c_str(), mode), 0);
}

} // namespace

class TestManagedPolicyFiles : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void theFolderIsFixedAtCompileTime();
    void testBuildsTakeItFromTheEnvironment();
    void noFolderIsNoSource();
    void anEmptyFolderIsNoSource();
    void filesComeInTheOrderOfTheirNames();
    void otherNamesAreLeftAlone();
    void rightsOfAFile_data();
    void rightsOfAFile();
    void rightsOfAFolder_data();
    void rightsOfAFolder();
    void ownersMustBeTrusted_data();
    void ownersMustBeTrusted();
    void symbolicLinksAreRefused();
    void aLinkedFolderIsRefused();
    void whatIsNoFileIsRefused_data();
    void whatIsNoFileIsRefused();
    void aFileInPlaceOfTheFolderIsRefused();
    void sizeIsLimited();
    void countIsLimited();
    void seenIsRemembered();
    void theMarkerOutlivesTheObject();
    void aMarkerThatCannotBeWrittenIsTriedAgain();
    void aDanglingMarkerCounts();

private:
    ManagedPolicyFiles files() const { return {m_folder, m_marker}; }

    std::unique_ptr<QTemporaryDir> m_root;
    fs::path m_folder;
    fs::path m_marker;
};

void TestManagedPolicyFiles::init()
{
    m_root = std::make_unique<QTemporaryDir>();
    const fs::path root = m_root->path().toStdString();
    m_folder = root / "policies" / "managed";
    m_marker = root / "home" / "policy-seen";
    fs::create_directories(m_folder);
    for (const fs::path &path : {root / "policies", m_folder})
        QCOMPARE(::chmod(path.c_str(), 0755), 0);
}

void TestManagedPolicyFiles::theFolderIsFixedAtCompileTime()
{
    const auto codeOf = [](const char *object) {
        QFile file(QString::fromUtf8(object));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    const QByteArray shipped = codeOf(SHIPPED_OBJECT);
    QVERIFY(shipped.contains("managedPolicyFolder"));
    QVERIFY(!shipped.contains("TRAMONTANE_POLICY_DIR"));
    QVERIFY(!shipped.contains("getenv"));
    // Otherwise the lines above would prove nothing.
    const QByteArray hooked = codeOf(HOOKED_OBJECT);
    QVERIFY(hooked.contains("TRAMONTANE_POLICY_DIR"));
    QVERIFY(hooked.contains("getenv"));
}

void TestManagedPolicyFiles::testBuildsTakeItFromTheEnvironment()
{
    qunsetenv("TRAMONTANE_POLICY_DIR");
    QCOMPARE(managedPolicyFolder(), fs::path("/etc/tramontane/policies/managed"));
    qputenv("TRAMONTANE_POLICY_DIR", "/somewhere/else");
    QCOMPARE(managedPolicyFolder(), fs::path("/somewhere/else"));
    qputenv("TRAMONTANE_POLICY_DIR", "");
    QCOMPARE(managedPolicyFolder(), fs::path("/etc/tramontane/policies/managed"));
    qunsetenv("TRAMONTANE_POLICY_DIR");
}

void TestManagedPolicyFiles::noFolderIsNoSource()
{
    fs::remove_all(m_folder.parent_path());
    const auto sources = files().read();
    QVERIFY(sources.files.empty());
    QCOMPARE(sources.problem, std::string());
    QVERIFY(!sources.seenBefore);
    QVERIFY(!fs::exists(m_marker));
    QCOMPARE(effectivePolicy(sources).mode, PolicyMode::Unmanaged);
}

void TestManagedPolicyFiles::anEmptyFolderIsNoSource()
{
    const auto sources = files().read();
    QVERIFY(sources.files.empty());
    QVERIFY(sources.problem.empty());
    QVERIFY(!sources.seenBefore);
}

void TestManagedPolicyFiles::filesComeInTheOrderOfTheirNames()
{
    for (const char *name : {"20.json", "B.json", "10.json", "a.json"})
        write(m_folder / name, name);
    const auto sources = files().read();
    QStringList contents;
    for (const PolicyFile &file : sources.files)
        contents.append(QString::fromStdString(file.content));
    QCOMPARE(contents, (QStringList{"10.json", "20.json", "B.json", "a.json"}));
    QCOMPARE(sources.files.front().path, (m_folder / "10.json").string());
}

void TestManagedPolicyFiles::otherNamesAreLeftAlone()
{
    for (const char *name : {"policy.json.bak", ".hidden.json", ".json", "README", "policy.JSON", "policy.json~"})
        write(m_folder / name, "x", 0666);
    fs::create_directory(m_folder / "conf.d");
    QVERIFY(files().read().files.empty());
}

void TestManagedPolicyFiles::rightsOfAFile_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<QString>("problem");
    QTest::newRow("0644") << 0644 << "";
    QTest::newRow("0600") << 0600 << "";
    QTest::newRow("0444") << 0444 << "";
    QTest::newRow("0664") << 0664 << "can be written by its group";
    QTest::newRow("0646") << 0646 << "can be written by everybody";
    QTest::newRow("0666") << 0666 << "can be written by its group";
    QTest::newRow("0777") << 0777 << "can be written by its group";
    QTest::newRow("sticky does not help a file") << 01666 << "can be written by its group";
}

void TestManagedPolicyFiles::rightsOfAFile()
{
    QFETCH(int, mode);
    QFETCH(QString, problem);
    write(m_folder / "10.json", kPolicy, mode_t(mode));
    const auto sources = files().read();
    QCOMPARE(QString::fromStdString(sources.files.at(0).problem), problem);
    QCOMPARE(sources.files.at(0).content, std::string(problem.isEmpty() ? kPolicy : ""));
    const EffectivePolicy policy = effectivePolicy(sources);
    QCOMPARE(policy.mode, problem.isEmpty() ? PolicyMode::Managed : PolicyMode::Invalid);
    QVERIFY(!mayImportModel(policy).allowed);
}

void TestManagedPolicyFiles::rightsOfAFolder_data()
{
    QTest::addColumn<bool>("above");
    QTest::addColumn<int>("mode");
    QTest::addColumn<bool>("trusted");
    for (const bool above : {false, true}) {
        const char *which = above ? "folder above" : "folder";
        QTest::addRow("%s 0755", which) << above << 0755 << true;
        QTest::addRow("%s 0700", which) << above << 0700 << true;
        QTest::addRow("%s 0775", which) << above << 0775 << false;
        QTest::addRow("%s 0757", which) << above << 0757 << false;
        QTest::addRow("%s 0777", which) << above << 0777 << false;
    }
    QTest::newRow("sticky folder above") << true << 01777 << true;
}

void TestManagedPolicyFiles::rightsOfAFolder()
{
    QFETCH(bool, above);
    QFETCH(int, mode);
    QFETCH(bool, trusted);
    write(m_folder / "10.json", kPolicy);
    const fs::path folder = above ? m_folder.parent_path() : m_folder;
    QCOMPARE(::chmod(folder.c_str(), mode_t(mode)), 0);
    const auto sources = files().read();
    QCOMPARE(sources.problem.empty(), trusted);
    QCOMPARE(sources.files.size(), std::size_t(trusted ? 1 : 0));
    if (!trusted)
        QVERIFY2(sources.problem.find(folder.string() + " can be written by") != std::string::npos,
                 sources.problem.c_str());
    QCOMPARE(effectivePolicy(sources).mode, trusted ? PolicyMode::Managed : PolicyMode::Invalid);
}

void TestManagedPolicyFiles::ownersMustBeTrusted_data()
{
    QTest::addColumn<QString>("what");
    for (const char *what : {"file", "folder", "folder above"})
        QTest::newRow(what) << what;
}

void TestManagedPolicyFiles::ownersMustBeTrusted()
{
    if (::geteuid() != 0)
        QSKIP("Giving a file to somebody else needs root.");
    QFETCH(QString, what);
    write(m_folder / "10.json", kPolicy);
    const fs::path path = what == "file" ? m_folder / "10.json" : what == "folder" ? m_folder : m_folder.parent_path();
    QCOMPARE(::chown(path.c_str(), 12345, gid_t(-1)), 0);
    const auto sources = files().read();
    const std::string problem = what == "file" ? sources.files.at(0).problem : sources.problem;
    QVERIFY2(problem.find("belongs to user 12345 instead of root") != std::string::npos, problem.c_str());
    QCOMPARE(effectivePolicy(sources).mode, PolicyMode::Invalid);
}

void TestManagedPolicyFiles::symbolicLinksAreRefused()
{
    const fs::path elsewhere = m_folder.parent_path() / "elsewhere";
    write(elsewhere, kPolicy);
    fs::create_symlink(elsewhere, m_folder / "10.json");
    fs::create_symlink("/nowhere", m_folder / "20.json");
    const auto sources = files().read();
    QCOMPARE(sources.files.size(), std::size_t(2));
    for (const PolicyFile &file : sources.files)
        QCOMPARE(file.problem, std::string("is a symbolic link"));
    QCOMPARE(effectivePolicy(sources).mode, PolicyMode::Invalid);
}

void TestManagedPolicyFiles::aLinkedFolderIsRefused()
{
    write(m_folder / "10.json", kPolicy);
    const fs::path link = m_folder.parent_path() / "link";
    fs::create_directory_symlink(m_folder, link);
    const auto sources = ManagedPolicyFiles(link, m_marker).read();
    QVERIFY(sources.files.empty());
    QVERIFY2(sources.problem.find("symbolic link") != std::string::npos, sources.problem.c_str());
}

void TestManagedPolicyFiles::whatIsNoFileIsRefused_data()
{
    QTest::addColumn<QString>("what");
    QTest::newRow("folder") << "folder";
    QTest::newRow("pipe") << "pipe"; // opening it must not wait for a writer
}

void TestManagedPolicyFiles::whatIsNoFileIsRefused()
{
    QFETCH(QString, what);
    const fs::path path = m_folder / "10.json";
    if (what == "folder")
        fs::create_directory(path);
    else
        QCOMPARE(::mkfifo(path.c_str(), 0644), 0);
    const auto sources = files().read();
    QCOMPARE(sources.files.at(0).problem, std::string("is not a regular file"));
}

void TestManagedPolicyFiles::aFileInPlaceOfTheFolderIsRefused()
{
    fs::remove(m_folder);
    write(m_folder, kPolicy);
    const auto sources = files().read();
    QVERIFY2(sources.problem.find("not a folder") != std::string::npos, sources.problem.c_str());
    QVERIFY(sources.seenBefore);
}

void TestManagedPolicyFiles::sizeIsLimited()
{
    write(m_folder / "10.json", std::string(256 * 1024, ' '));
    write(m_folder / "20.json", std::string(256 * 1024 + 1, ' '));
    const auto sources = files().read();
    QVERIFY(sources.files.at(0).problem.empty());
    QCOMPARE(sources.files.at(1).problem, std::string("is larger than 256 KiB"));
    QVERIFY(sources.files.at(1).content.empty());
}

void TestManagedPolicyFiles::countIsLimited()
{
    for (int i = 0; i < 100; ++i)
        write(m_folder / (std::to_string(i) + ".json"), "{}");
    QCOMPARE(files().read().files.size(), std::size_t(100));
    write(m_folder / "last.json", "{}");
    QVERIFY(!files().read().problem.empty());
}

void TestManagedPolicyFiles::seenIsRemembered()
{
    ManagedPolicyFiles reader = files();
    QVERIFY(!reader.read().seenBefore);
    write(m_folder / "10.json", kPolicy);
    QVERIFY(reader.read().seenBefore);
    fs::remove(m_folder / "10.json");
    const auto gone = reader.read();
    QVERIFY(gone.seenBefore);
    QCOMPARE(effectivePolicy(gone).mode, PolicyMode::Invalid);
}

void TestManagedPolicyFiles::theMarkerOutlivesTheObject()
{
    write(m_folder / "10.json", kPolicy);
    QVERIFY(files().read().seenBefore);
    QVERIFY(fs::exists(m_marker));
    QCOMPARE(int(fs::status(m_marker.parent_path()).permissions() & fs::perms::all), 0700);
    fs::remove_all(m_folder);
    QVERIFY(files().read().seenBefore);
    fs::remove(m_marker);
    QVERIFY(!files().read().seenBefore);
}

void TestManagedPolicyFiles::aMarkerThatCannotBeWrittenIsTriedAgain()
{
    write(m_folder / "10.json", kPolicy);
    write(m_marker.parent_path(), "in the way");
    ManagedPolicyFiles reader = files();
    const auto sources = reader.read();
    QVERIFY(sources.seenBefore);
    QVERIFY(sources.problem.empty());
    QCOMPARE(effectivePolicy(sources).mode, PolicyMode::Managed);
    fs::remove(m_marker.parent_path());
    QVERIFY(reader.read().seenBefore);
    QVERIFY(fs::exists(m_marker));
}

void TestManagedPolicyFiles::aDanglingMarkerCounts()
{
    fs::create_directories(m_marker.parent_path());
    fs::create_symlink("/nowhere", m_marker);
    QVERIFY(files().read().seenBefore);
}

QTEST_GUILESS_MAIN(TestManagedPolicyFiles)
#include "tst_managed_policy_files.moc"

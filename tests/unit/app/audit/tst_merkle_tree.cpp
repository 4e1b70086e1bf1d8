// SPDX-License-Identifier: Apache-2.0
#include "app/audit/merkle_proof.h"
#include "app/audit/merkle_tree.h"
#include "app/core/secret.h"

#include <QTest>

#include <array>
#include <map>

using namespace tramontane;
using namespace tramontane::audit;

namespace {

// The leaves and roots that the reference implementation of Certificate Transparency has tested with since 2013.
const std::array<const char *, 8> kLeaves{
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
const std::array<const char *, 9> kRoots{"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                         "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

Hash32 hash(const char *hex)
{
    return hash32FromHex(hex).value();
}

std::vector<Hash32> hashes(const QStringList &list)
{
    std::vector<Hash32> out;
    for (const QString &hex : list)
        out.push_back(hash(hex.toLatin1().constData()));
    return out;
}

/// A tree that keeps every node, as a store does.
class KeptTree {
public:
    explicit KeptTree(std::uint64_t size = 0)
    {
        for (std::uint64_t i = 0; i < size; ++i)
            add("leaf " + std::to_string(i));
    }
    void add(const std::string &bytes)
    {
        const Hash32 leaf = leafHash(bytes);
        m_nodes[{0, m_edge.size()}] = leaf;
        for (const TreeNode &node : m_edge.append(leaf))
            m_nodes[{node.level, node.index}] = node.hash;
        m_roots.push_back(m_edge.root());
    }
    NodeSource source() const
    {
        return [this](int level, std::uint64_t index) -> Result<Hash32> {
            const auto found = m_nodes.find({level, index});
            if (found == m_nodes.end())
                return Error{ErrorCode::NotFound, "", ""};
            return found->second;
        };
    }
    Hash32 leaf(std::uint64_t index) const { return m_nodes.at({0, index}); }
    Hash32 root(std::uint64_t size) const { return size == 0 ? emptyRoot() : m_roots.at(size - 1); }
    std::uint64_t innerNodes() const { return m_nodes.size() - m_edge.size(); }

private:
    TreeEdge m_edge;
    std::vector<Hash32> m_roots;
    std::map<std::pair<int, std::uint64_t>, Hash32> m_nodes;
};

KeptTree referenceTree()
{
    KeptTree tree;
    for (const char *leaf : kLeaves)
        tree.add(QByteArray::fromHex(leaf).toStdString());
    return tree;
}

/// The recursive definition of RFC 6962, section 2.1, word for word.
Hash32 definition(const std::vector<Hash32> &leaves)
{
    if (leaves.empty())
        return emptyRoot();
    if (leaves.size() == 1)
        return leaves.front();
    std::size_t k = 1;
    while (k * 2 < leaves.size())
        k *= 2;
    const auto middle = leaves.begin() + std::ptrdiff_t(k);
    return nodeHash(definition({leaves.begin(), middle}), definition({middle, leaves.end()}));
}

} // namespace

class TestMerkleTree : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto().ok()); }
    void rootsAreThoseOfTheReference();
    void rootsFollowTheDefinition();
    void edgeCanBeLoaded();
    void loadingHandsFailuresOn();
    void innerNodesAreCounted();
    void inclusionProofsAreThoseOfTheReference_data();
    void inclusionProofsAreThoseOfTheReference();
    void consistencyProofsAreThoseOfTheReference_data();
    void consistencyProofsAreThoseOfTheReference();
    void everyEarlierRootComesFromTheNodes();
    void allProofsVerifyAndNothingElse();
    void refusesWhatIsOutside();
};

void TestMerkleTree::rootsAreThoseOfTheReference()
{
    const KeptTree tree = referenceTree();
    for (std::size_t size = 0; size <= kLeaves.size(); ++size)
        QCOMPARE(toHex(tree.root(size)), std::string(kRoots[size]));
}

void TestMerkleTree::rootsFollowTheDefinition()
{
    const KeptTree tree(130);
    std::vector<Hash32> leaves;
    for (std::uint64_t size = 0; size <= 130; ++size) {
        QCOMPARE(tree.root(size), definition(leaves));
        if (size < 130)
            leaves.push_back(tree.leaf(size));
    }
}

void TestMerkleTree::edgeCanBeLoaded()
{
    const KeptTree tree(70);
    for (std::uint64_t size = 0; size < 70; ++size) {
        auto edge = TreeEdge::load(size, tree.source());
        QVERIFY(edge.ok());
        QCOMPARE(edge->root(), tree.root(size));
        edge->append(tree.leaf(size));
        QCOMPARE(edge->root(), tree.root(size + 1));
    }
}

void TestMerkleTree::loadingHandsFailuresOn()
{
    const auto edge = TreeEdge::load(71, KeptTree(70).source());
    QVERIFY(!edge.ok());
    QCOMPARE(edge.error().code, ErrorCode::NotFound);
}

void TestMerkleTree::innerNodesAreCounted()
{
    for (std::uint64_t size = 0; size <= 70; ++size)
        QCOMPARE(innerNodeCount(size), KeptTree(size).innerNodes());
}

void TestMerkleTree::inclusionProofsAreThoseOfTheReference_data()
{
    QTest::addColumn<int>("index");
    QTest::addColumn<int>("size");
    QTest::addColumn<QStringList>("proof");
    QTest::newRow("1 of 1") << 0 << 1 << QStringList();
    QTest::newRow("1 of 8") << 0 << 8
                            << QStringList{"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                                           "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                           "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"};
    QTest::newRow("6 of 8") << 5 << 8
                            << QStringList{"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                                           "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                           "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"};
    QTest::newRow("3 of 3") << 2 << 3
                            << QStringList{"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"};
    QTest::newRow("2 of 5") << 1 << 5
                            << QStringList{"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                           "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                           "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"};
}

void TestMerkleTree::inclusionProofsAreThoseOfTheReference()
{
    QFETCH(int, index);
    QFETCH(int, size);
    QFETCH(QStringList, proof);
    const KeptTree tree = referenceTree();
    const auto made = inclusionProof(std::uint64_t(index), std::uint64_t(size), tree.source());
    QVERIFY(made.ok());
    QCOMPARE(*made, hashes(proof));
    QVERIFY(verifyInclusion(tree.leaf(std::uint64_t(index)), std::uint64_t(index), std::uint64_t(size), *made,
                            hash(kRoots[std::size_t(size)])));
}

void TestMerkleTree::consistencyProofsAreThoseOfTheReference_data()
{
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("to");
    QTest::addColumn<QStringList>("proof");
    QTest::newRow("1 to 1") << 1 << 1 << QStringList();
    QTest::newRow("1 to 8") << 1 << 8
                            << QStringList{"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                                           "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                           "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"};
    QTest::newRow("6 to 8") << 6 << 8
                            << QStringList{"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                                           "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                           "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"};
    QTest::newRow("2 to 5") << 2 << 5
                            << QStringList{"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                           "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"};
}

void TestMerkleTree::consistencyProofsAreThoseOfTheReference()
{
    QFETCH(int, from);
    QFETCH(int, to);
    QFETCH(QStringList, proof);
    const auto made = consistencyProof(std::uint64_t(from), std::uint64_t(to), referenceTree().source());
    QVERIFY(made.ok());
    QCOMPARE(*made, hashes(proof));
    QVERIFY(verifyConsistency(std::uint64_t(from), hash(kRoots[std::size_t(from)]), std::uint64_t(to),
                              hash(kRoots[std::size_t(to)]), *made));
}

void TestMerkleTree::everyEarlierRootComesFromTheNodes()
{
    const KeptTree tree(70);
    for (std::uint64_t size = 0; size <= 70; ++size)
        QCOMPARE(rootOfSize(size, tree.source()).value(), size == 0 ? emptyRoot() : tree.root(size));
    QVERIFY(!rootOfSize(71, tree.source()).ok());
}

/// Every proof of every tree up to 40 leaves, and for each: another leaf, another index or size, each hash changed,
/// one hash fewer, one more, a wrong root.
void TestMerkleTree::allProofsVerifyAndNothingElse()
{
    const KeptTree tree(40);
    const Hash32 wrong = leafHash("wrong");
    for (std::uint64_t size = 1; size <= 40; ++size) {
        for (std::uint64_t i = 0; i < size; ++i) {
            auto path = inclusionProof(i, size, tree.source()).value();
            QVERIFY(verifyInclusion(tree.leaf(i), i, size, path, tree.root(size)));
            QVERIFY(!verifyInclusion(wrong, i, size, path, tree.root(size)));
            QVERIFY(!verifyInclusion(tree.leaf(i), i, size, path, wrong));
            QVERIFY(!verifyInclusion(tree.leaf(i), size, size, path, tree.root(size)));
            if (size > 1)
                QVERIFY(!verifyInclusion(tree.leaf(i), (i + 1) % size, size, path, tree.root(size)));
            for (std::size_t at = 0; at < path.size(); ++at) {
                auto bent = path;
                bent[at][at % 32] ^= 1;
                QVERIFY(!verifyInclusion(tree.leaf(i), i, size, bent, tree.root(size)));
            }
            auto longer = path;
            longer.push_back(wrong);
            QVERIFY(!verifyInclusion(tree.leaf(i), i, size, longer, tree.root(size)));
            if (!path.empty()) {
                path.pop_back();
                QVERIFY(!verifyInclusion(tree.leaf(i), i, size, path, tree.root(size)));
            }
        }
        for (std::uint64_t old = 1; old < size; ++old) {
            auto proof = consistencyProof(old, size, tree.source()).value();
            QVERIFY(verifyConsistency(old, tree.root(old), size, tree.root(size), proof));
            QVERIFY(!verifyConsistency(old, wrong, size, tree.root(size), proof));
            QVERIFY(!verifyConsistency(old, tree.root(old), size, wrong, proof));
            for (std::size_t at = 0; at < proof.size(); ++at) {
                auto bent = proof;
                bent[at][at % 32] ^= 0x80;
                QVERIFY(!verifyConsistency(old, tree.root(old), size, tree.root(size), bent));
            }
            proof.push_back(wrong);
            QVERIFY(!verifyConsistency(old, tree.root(old), size, tree.root(size), proof));
            QVERIFY(!verifyConsistency(old, tree.root(old), size, tree.root(size), {}));
        }
    }
}

void TestMerkleTree::refusesWhatIsOutside()
{
    const KeptTree tree(4);
    QCOMPARE(inclusionProof(4, 4, tree.source()).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(inclusionProof(0, 0, tree.source()).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(consistencyProof(0, 4, tree.source()).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(consistencyProof(5, 4, tree.source()).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(inclusionProof(1, 8, tree.source()).error().code, ErrorCode::NotFound);
    QVERIFY(!verifyConsistency(0, emptyRoot(), 4, tree.root(4), {}));
    QVERIFY(!verifyConsistency(4, tree.root(4), 3, tree.root(3), {}));
    QVERIFY(!verifyConsistency(4, tree.root(4), 4, tree.root(4), {tree.root(4)}));
}

QTEST_GUILESS_MAIN(TestMerkleTree)
#include "tst_merkle_tree.moc"

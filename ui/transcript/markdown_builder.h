// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/transcript/markdown.h"

#include <md4c.h>

#include <string_view>
#include <vector>

namespace tramontane::ui {

/// Collects the parser's callbacks into leaves. Every member function answers false when a limit is met; the parser
/// then stops at once. Internal to the transcript.
class MarkdownBuilder {
public:
    [[nodiscard]] bool enterBlock(MD_BLOCKTYPE type, void *detail);
    [[nodiscard]] bool leaveBlock(MD_BLOCKTYPE type);
    [[nodiscard]] bool enterSpan(MD_SPANTYPE type, void *detail);
    [[nodiscard]] bool leaveSpan(MD_SPANTYPE type);
    [[nodiscard]] bool addText(MD_TEXTTYPE type, std::string_view utf8);

    [[nodiscard]] std::vector<Leaf> takeLeaves() { return std::move(m_leaves); }
    [[nodiscard]] long callbacks() const { return m_callbacks; }

private:
    struct List {
        bool ordered = false;
        bool tight = false;
        int next = 1;
    };
    struct OpenSpan {
        unsigned style = 0;
        int from = 0;
        QString target;
    };

    [[nodiscard]] bool count();
    [[nodiscard]] bool enterTable(const MD_BLOCK_TABLE_DETAIL &detail);
    void enterItem(const MD_BLOCK_LI_DETAIL &detail);
    void enterCell(const MD_BLOCK_TD_DETAIL &detail);
    void begin(LeafKind kind);
    void end();
    void endInPieces();
    void append(const QString &text);
    void closeSpan(unsigned style);
    void addLinkHost(const OpenSpan &span);

    std::vector<Leaf> m_leaves;
    std::vector<List> m_lists;
    std::vector<OpenSpan> m_spans;
    Leaf m_leaf;
    bool m_inLeaf = false;
    QByteArray m_path;
    ListMarker m_marker; // waits for the first leaf of its item
    int m_cell = 0;
    std::size_t m_targetBytes = 0;
    long m_callbacks = 0;
};

} // namespace tramontane::ui

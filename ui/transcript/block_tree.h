// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>

#include <vector>

// What a message consists of once its Markdown is read: leaves in reading order, each with the containers around it.
// Plain data. Offsets count UTF-16 units of `Leaf::text`.
namespace tramontane::ui {

enum class LeafKind { Paragraph, Heading, Code, Table, Rule, Plain, Reasoning, ToolCall, Error, Notice };

/// Bits of Span::style.
namespace spanstyle {
constexpr unsigned kBold = 1;
constexpr unsigned kItalic = 2;
constexpr unsigned kStrike = 4;
constexpr unsigned kCode = 8;
constexpr unsigned kLink = 16;
constexpr unsigned kImage = 32;    // the alternative text of an image that is never loaded
constexpr unsigned kLinkHost = 64; // the host behind a link; not part of its Markdown
} // namespace spanstyle

struct Span {
    int from = 0;
    int length = 0;
    unsigned style = 0;
    QString target; // of a link or image
    bool operator==(const Span &) const = default;
};

struct ListMarker {
    enum class Kind { None, Bullet, Number, Task, TaskDone };
    Kind kind = Kind::None;
    int number = 0;
    bool operator==(const ListMarker &) const = default;
};

/// Cells lie row by row in the leaf's text, apart by a tab within a row and by a line feed between rows.
struct TableShape {
    int columns = 0;
    int rows = 0;                          // the head included
    std::vector<Qt::Alignment> alignments; // one per column; 0: as the content says
    std::vector<int> starts;               // columns x rows offsets into the text
    bool operator==(const TableShape &) const = default;
};

struct Leaf {
    LeafKind kind = LeafKind::Paragraph;
    QString text;
    std::vector<Span> spans; // in order, not overlapping
    int level = 0;           // of a heading, 1 - 6
    QByteArray path;         // containers from the outside: 'l' a list item, 'q' a block quote
    ListMarker marker;       // on the first leaf of a list item
    bool tight = false;      // in a list without blank lines
    bool joins = false;      // goes on with the leaf before it (a very long text, cut for layout)
    QString info;            // language of code; name of an error
    TableShape table;
    bool operator==(const Leaf &) const = default;
};

} // namespace tramontane::ui

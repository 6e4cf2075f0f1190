// Tables out of the page: text to paste, CSV, and an Excel workbook written here (stored ZIP, no formulas).
const BOM = "\ufeff";

// A cell that a spreadsheet could read as a formula starts with an apostrophe.
const safe = (text) => (/^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text);

export function tabbed(headers, rows) {
  return [headers, ...rows].map((row) => row.map((cell) => safe(String(cell ?? "").replace(/[\t\r\n]+/g, " "))).join("\t")).join("\n");
}

export function csv(headers, rows) {
  const quote = (cell) => {
    const text = typeof cell === "number" ? String(cell) : safe(String(cell ?? ""));
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return BOM + [headers, ...rows].map((row) => row.map(quote).join(",")).join("\r\n") + "\r\n";
}

export function save(name, type, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function xlsx(title, headers, rows) {
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const relations = "http://schemas.openxmlformats.org/package/2006/relationships";
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const escape = (text) => String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
  const cell = (value) => {
    if (typeof value === "number" && Number.isFinite(value)) return `<c><v>${value}</v></c>`;
    if (value === null || value === undefined || value === "") return "<c/>";
    return `<c t="inlineStr"><is><t xml:space="preserve">${escape(value)}</t></is></c>`;
  };
  const line = (row) => `<row>${row.map(cell).join("")}</row>`;
  const last = `${letters(headers.length)}${rows.length + 1}`;
  const sheet = `${head}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>${line(headers)}${rows.map(line).join("")}</sheetData><autoFilter ref="A1:${last}"/></worksheet>`;
  const name = escape(title.replace(/[[\]:*?/\\']/g, " ").slice(0, 31)) || "Sheet1";
  return zip([
    ["[Content_Types].xml", `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`],
    ["_rels/.rels", `${head}<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`],
    ["xl/workbook.xml", `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${name}" sheetId="1" r:id="rId1"/></sheets></workbook>`],
    ["xl/_rels/workbook.xml.rels", `${head}<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`],
    ["xl/worksheets/sheet1.xml", sheet],
  ]);
}

function letters(n) {
  let text = "";
  for (let rest = n; rest > 0; rest = Math.floor((rest - 1) / 26)) text = String.fromCharCode(65 + ((rest - 1) % 26)) + text;
  return text;
}

const CRC = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) c = CRC[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

// ZIP with stored entries (PKWARE APPNOTE 6.3.9), all dated 1980-01-01.
function zip(files) {
  const parts = [];
  const directory = [];
  let offset = 0;
  const record = (signature, fields) => {
    const bytes = new Uint8Array(4 + fields.reduce((sum, [size]) => sum + size, 0));
    const view = new DataView(bytes.buffer);
    view.setUint32(0, signature, true);
    let at = 4;
    for (const [size, value] of fields) {
      if (size === 2) view.setUint16(at, value, true);
      else view.setUint32(at, value, true);
      at += size;
    }
    return bytes;
  };
  for (const [name, text] of files) {
    const label = new TextEncoder().encode(name);
    const content = new TextEncoder().encode(text);
    const shared = [[2, 20], [2, 0x800], [2, 0], [2, 0], [2, 33], [4, crc32(content)], [4, content.length], [4, content.length], [2, label.length], [2, 0]];
    const local = record(0x04034b50, shared);
    directory.push(record(0x02014b50, [[2, 20], ...shared, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]]), label);
    parts.push(local, label, content);
    offset += local.length + label.length + content.length;
  }
  const size = directory.reduce((sum, bytes) => sum + bytes.length, 0);
  const end = record(0x06054b50, [[2, 0], [2, 0], [2, files.length], [2, files.length], [4, size], [4, offset], [2, 0]]);
  return new Blob([...parts, ...directory, end]);
}
